import { describe, expect, it } from '@jest/globals';
import { type ErrorCode, UsherError } from '../../../functions/errors.ts';
import { errorAnswer, toHttp } from '../../../functions/webhook/answers.ts';

/** Every code and its status in the contract. A code that is not here does not compile. */
const statuses: Record<ErrorCode, number> = {
  not_found: 404,
  method_not_allowed: 405,
  payload_too_large: 413,
  invalid_access_key: 403,
  unknown_action: 400,
  action_not_allowed: 400,
  invalid_parameter: 400,
  malformed_body: 400,
  contact_id_missing: 400,
  template_not_filled: 400,
  user_not_found: 200,
  contact_not_found: 422,
  email_missing: 422,
  login_taken: 422,
  privileged_user: 422,
  email_in_use: 422,
  contact_too_large: 422,
  crm_credentials_rejected: 424,
  crm_rate_limited: 424,
  crm_unavailable: 424,
  crm_contact_refused: 424,
  crm_answer_invalid: 424,
  crm_write_refused: 424,
  mail_refused: 424,
  user_not_created_yet: 424,
  effect_busy: 424,
  effect_not_due: 424,
  too_many_conflicts: 424,
  aws_unavailable: 503,
  unavailable: 503,
  internal_error: 500,
};
const codes = Object.entries(statuses) as [ErrorCode, number][];

describe('an error', () => {
  it.each(codes)('%s is answered with %i', (code, status) => {
    const answer = errorAnswer(new UsherError(code, 'Because.'), 'r1');
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({
      success: false,
      error: { code: status === 503 ? 'unavailable' : code, message: 'Because.' },
      request_id: 'r1',
    });
  });

  it('never switches a webhook off', () => {
    expect(codes.map(([code]) => errorAnswer(new UsherError(code, ''), '').status)).not.toContain(410);
  });

  it.each(codes)('%s asks to come again only when that is the sender’s task', (code, status) => {
    const { headers } = errorAnswer(new UsherError(code, ''), 'r1');
    expect(headers).toEqual({
      ...(status === 503 ? { 'retry-after': '30' } : {}),
      ...(status === 405 ? { allow: 'GET, POST' } : {}),
    });
  });

  it('keeps its cause to itself', () => {
    const error = new UsherError('internal_error', 'Ours.', { cause: new Error('ada@example.com') });
    expect(JSON.stringify(errorAnswer(error, 'r1'))).not.toContain('ada');
  });
});

describe('on HTTP', () => {
  const http = toHttp({ status: 503, body: { text: 'é </script>' }, headers: { 'retry-after': '30' } });

  it('every answer is JSON that nobody keeps', () => {
    expect(http.headers).toEqual({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'retry-after': '30',
    });
    expect(http.statusCode).toBe(503);
    expect(JSON.parse(http.body ?? '')).toEqual({ text: 'é </script>' });
  });

  it('without headers of its own too', () => {
    expect(toHttp({ status: 200, body: {} }).headers).toMatchObject({ 'cache-control': 'no-store' });
  });
});
