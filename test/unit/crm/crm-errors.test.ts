import { describe, expect, it } from '@jest/globals';
import {
  ContactNotFound,
  CrmAnswerInvalid,
  CrmAuthError,
  CrmContactRefused,
  CrmHeld,
  CrmRateLimited,
  CrmUnavailable,
  CrmWriteRefused,
} from '../../../functions/crm/crm-errors.ts';
import { describeError, type ErrorCode, type UsherError } from '../../../functions/errors.ts';
import { errorAnswer } from '../../../functions/webhook/answers.ts';

const errors: [
  name: string,
  make: () => UsherError,
  code: ErrorCode,
  says: RegExp,
  wait: number | undefined,
][] = [
  ['CrmAuthError', () => new CrmAuthError(), 'crm_credentials_rejected', /rejects the stored API/, undefined],
  ['CrmRateLimited', () => new CrmRateLimited(7), 'crm_rate_limited', /limits our calls/, 7],
  ['CrmUnavailable', () => new CrmUnavailable({}), 'crm_unavailable', /does not answer/, undefined],
  ['CrmUnavailable', () => new CrmUnavailable({ retryAfterSeconds: 7 }), 'crm_unavailable', /not answer/, 7],
  [
    'CrmContactRefused',
    () => new CrmContactRefused(),
    'crm_contact_refused',
    /refuses this contact/,
    undefined,
  ],
  ['CrmHeld', () => new CrmHeld('crm_rate_limited'), 'crm_rate_limited', /limits our calls/, undefined],
  ['CrmHeld', () => new CrmHeld('crm_unavailable'), 'crm_unavailable', /does not answer/, undefined],
  [
    'CrmHeld',
    () => new CrmHeld('crm_credentials_rejected'),
    'crm_credentials_rejected',
    /rejects the stored API token/,
    undefined,
  ],
  ['ContactNotFound', () => new ContactNotFound(), 'contact_not_found', /no contact with this id/, undefined],
  [
    'ContactNotFound',
    () => new ContactNotFound('address', { isNew: true }),
    'contact_not_found',
    /no contact with this address/,
    undefined,
  ],
  ['CrmAnswerInvalid', () => new CrmAnswerInvalid('it is a song'), 'crm_answer_invalid', /a song/, undefined],
  [
    'CrmWriteRefused',
    () => new CrmWriteRefused(),
    'crm_write_refused',
    /refused to write the field/,
    undefined,
  ],
];

describe('an error of the CRM', () => {
  it.each(errors)(
    '%s is named in the log, said to the sender, and may pass',
    (name, make, code, says, wait) => {
      const error = make();
      expect(describeError(error)).toEqual({ name, code });
      expect(errorAnswer(error, 'r1').body['error']).toEqual({ code, message: expect.stringMatching(says) });
      expect([error.retryable, error.retryAfterSeconds]).toEqual([true, wait]);
    },
  );

  it.each<[name: string, error: (cause: unknown) => UsherError]>([
    ['CrmUnavailable', (cause) => new CrmUnavailable({ cause })],
    ['CrmAnswerInvalid', (cause) => new CrmAnswerInvalid('it is a song', cause)],
  ])('%s tells the log its cause', (_name, make) => {
    const cause = Object.assign(new Error('secret'), { code: 'ECONNRESET' });
    expect(describeError(make(cause))).toMatchObject({ cause: { name: 'Error', code: 'ECONNRESET' } });
  });
});
