import { type ApiAnswer, emptyAnswer, jsonAnswer } from './api-answer.ts';
import type { ControlCall } from './control-call.ts';
import { checkFault } from './fault.ts';

export function listFaults({ faults }: ControlCall): ApiAnswer {
  return jsonAnswer(200, { faults: faults.list() });
}

/** Injects one fault, or all of an array or none. @throws {InvalidFault} */
export function injectFaults({ faults, body }: ControlCall): ApiAnswer {
  const checked = (Array.isArray(body) ? body : [body]).map(checkFault);
  for (const fault of checked) faults.inject(fault);
  return jsonAnswer(201, { faults: faults.list() });
}

export function clearFaults({ faults }: ControlCall): ApiAnswer {
  faults.clear();
  return emptyAnswer(204);
}
