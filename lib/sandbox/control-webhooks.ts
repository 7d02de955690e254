import { type ApiAnswer, emptyAnswer, jsonAnswer } from './api-answer.ts';
import type { ControlCall } from './control-call.ts';
import type { SandboxWebhook } from './sandbox.ts';

export function listWebhooks({ webhooks }: ControlCall): ApiAnswer {
  return jsonAnswer(200, { webhooks: webhooks.list() });
}

/** @throws {InvalidWebhook} */
export function registerWebhook({ webhooks, body }: ControlCall): ApiAnswer {
  webhooks.register(body as unknown as SandboxWebhook);
  return jsonAnswer(201, { webhooks: webhooks.list() });
}

export function clearWebhooks({ webhooks }: ControlCall): ApiAnswer {
  webhooks.clear();
  return emptyAnswer(204);
}
