import { describe, expect, it } from '@jest/globals';
import { shortLine } from '../../../lib/dev/short-line.ts';

const webhook = {
  timestamp: '2026-03-10T12:00:00.000Z',
  message: 'webhook',
  action: 'add',
  connection: 'encharge',
  result: 'created',
  ms: { crm: 4, total: 12 },
};

describe('a log line in a terminal', () => {
  it.each([
    ['a webhook', webhook, 'webhook  add          encharge    created    12 ms'],
    [
      'a webhook with everything',
      {
        ...webhook,
        result: 'queued',
        status: 202,
        contact_id: '7',
        user_id: 'u1',
        deferred_by: 'crm_unavailable',
        warnings: ['role_unknown', 'email_in_use'],
      },
      'webhook  add          encharge    queued     202  12 ms  contact 7  user u1  (crm_unavailable)  warnings: role_unknown, email_in_use',
    ],
    [
      "a request of the site's side",
      {
        ...webhook,
        message: 'site',
        action: 'login',
        connection: 'none',
        result: 'refused',
        status: 401,
        error_code: 'invalid_login',
      },
      'site     login        none        refused    401  12 ms  (invalid_login)',
    ],
    [
      'a job',
      {
        ...webhook,
        message: 'job',
        action: 'effects',
        result: 'failed',
        error_code: 'mail_refused',
        attempt: 2,
      },
      'job      effects      encharge    failed     12 ms  (mail_refused)  try 2',
    ],
    [
      'a command that changed a user',
      {
        level: 'INFO',
        message: 'operator',
        action: 'set-role',
        user_id: 'u1',
        result: 'updated',
        role: 'customer',
        request_id: 'r1',
      },
      'operator  set-role     -           updated    user u1  role customer',
    ],
    ['a line of another version', { message: 'job' }, 'job      -            -           -          try -'],
    [
      'a problem',
      { level: 'ERROR', service: 'usher', message: 'secret unreadable', connection: 'encharge' },
      'secret unreadable  {"connection":"encharge"}',
    ],
    [
      'an error of the Lambda runtime',
      { level: 'ERROR', message: { errorType: 'ConfigError' } },
      '{"errorType":"ConfigError"}  {}',
    ],
  ])('%s', (_name, line, expected) => {
    expect(shortLine(line)).toBe(expected);
  });
});
