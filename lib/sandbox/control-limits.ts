import { type ApiAnswer, jsonAnswer } from './api-answer.ts';
import type { ControlCall } from './control-call.ts';
import { isJsonObject } from './json.ts';

export function showLimits({ limits }: ControlCall): ApiAnswer {
  return jsonAnswer(200, { on: limits.isOn, limits: limits.list() });
}

export function switchLimits(call: ControlCall): ApiAnswer {
  const on = isJsonObject(call.body) ? call.body['on'] : undefined;
  if (typeof on !== 'boolean')
    return jsonAnswer(400, { error: 'the body must be {"on":true} or {"on":false}' });
  call.limits.switch(on);
  return showLimits(call);
}
