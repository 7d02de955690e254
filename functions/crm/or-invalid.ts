import { UsherError } from '../errors.ts';
import { CrmAnswerInvalid } from './crm-errors.ts';

/** What a connector throws says that the answer has an unknown shape, and never "no tags". */
export function orInvalid<Step>(step: () => Step): Step {
  try {
    return step();
  } catch (error) {
    throw error instanceof UsherError ? error : new CrmAnswerInvalid('it has an unknown shape', error);
  }
}
