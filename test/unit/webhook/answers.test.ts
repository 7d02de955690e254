import { describe, expect, it } from '@jest/globals';
import type { Preview } from '../../../functions/actions/preview.ts';
import { type ErrorCode, UsherError } from '../../../functions/errors.ts';
import type { PaceReport } from '../../../functions/pace/pace-report.ts';
import {
  appliedAnswer,
  batchAnswer,
  errorAnswer,
  halfStoredAnswer,
  queuedAnswer,
  testAnswer,
  toHttp,
} from '../../../functions/webhook/answers.ts';

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

describe('a success', () => {
  it('is flat', () => {
    const outcome = { result: 'created', userId: 'u1', contactId: 'c1', warnings: ['role_unknown'] } as const;
    expect(appliedAnswer('add', { ...outcome, warnings: [...outcome.warnings] })).toEqual({
      status: 200,
      body: {
        success: true,
        data: {
          user_id: 'u1',
          method: 'add',
          result: 'created',
          contact_id: 'c1',
          warnings: ['role_unknown'],
        },
      },
    });
  });

  it('names the job, and why there is one', () => {
    expect(queuedAnswer('update', 'j1', 'crm_unavailable')).toEqual({
      status: 202,
      body: {
        success: true,
        data: { method: 'update', result: 'queued', job_id: 'j1', reason: 'crm_unavailable' },
      },
    });
  });

  it.each([
    [0, []],
    [3, ['contact_id_missing:3']],
  ])('names the jobs of a batch, %i elements being left out', (withoutId, warnings) => {
    expect(batchAnswer('add', ['j1', 'j2'], withoutId)).toEqual({
      status: 202,
      body: {
        success: true,
        data: { method: 'add', result: 'queued', job_ids: ['j1', 'j2'], reason: 'batch', warnings },
      },
    });
  });

  it('is none when a part of a batch is missing: the sender hears which, and comes again', () => {
    expect(halfStoredAnswer([0, 4], ['j1'], 'r1')).toEqual({
      status: 503,
      headers: { 'retry-after': '30' },
      body: {
        success: false,
        error: { code: 'unavailable', message: expect.stringContaining('Send it again') },
        not_queued: [0, 4],
        job_ids: ['j1'],
        request_id: 'r1',
      },
    });
  });

  it('of a test says what would be written, by names', () => {
    const preview: Preview = {
      wouldBe: 'created',
      contactId: 'c1',
      role: 'subscriber',
      fields: ['first_name'],
      tagsAdded: 2,
      tagsRemoved: 0,
      effects: ['welcome_mail'],
      warnings: [],
    };
    const { status, body } = testAnswer('encharge', 'encharge', preview, undefined);
    expect(status).toBe(200);
    expect(JSON.parse(JSON.stringify(body))).toEqual({
      success: true,
      data: {
        method: 'test',
        result: 'ok',
        connection: 'encharge',
        crm: 'encharge',
        contact_id: 'c1',
        warnings: [],
        add: {
          result: 'created',
          role: 'subscriber',
          fields: ['first_name'],
          tags_added: 2,
          tags_removed: 0,
          effects: ['welcome_mail'],
        },
      },
    });
  });

  it('of a test without contact says little', () => {
    const { body } = testAnswer('main', 'encharge', undefined, undefined);
    expect(JSON.parse(JSON.stringify(body))).toEqual({
      success: true,
      data: { method: 'test', result: 'ok', connection: 'main', crm: 'encharge', warnings: [] },
    });
  });

  it('of a test says how slow the connection is', () => {
    const pace: PaceReport = {
      reason: 'crm_rate_limited',
      since: '2026-03-01T12:00:00.000Z',
      calls_per_second: 2,
      waiting: 30,
      last_due: '2026-03-01T12:00:15.000Z',
    };
    expect(testAnswer('main', 'encharge', undefined, pace).body['data']).toMatchObject({ pace });
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
