import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { describeError, toUsherError, UsherError } from '../../functions/errors.ts';

/** As the AWS SDK makes them. */
function sdkError(name: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 }, ...more });
}

describe('a thrown value', () => {
  it('stays an error that Usher foresaw', () => {
    const error = new UsherError('crm_unavailable', 'x', { retryable: true, retryAfterSeconds: 7 });
    expect(toUsherError(error)).toBe(error);
    expect(error).toMatchObject({ code: 'crm_unavailable', retryable: true, retryAfterSeconds: 7 });
  });

  it('of AWS may be tried again', () => {
    const cause = sdkError('AccessDeniedException', 'secret-arn');
    const error = toUsherError(cause);
    expect(error).toMatchObject({ code: 'aws_unavailable', retryable: true, cause });
    expect(error.message).not.toContain('secret');
  });

  it.each([new TypeError('secret'), 'secret', undefined, null, { $metadata: {} }])(
    '%p is a bug of ours',
    (cause) => {
      const error = toUsherError(cause);
      expect(error).toMatchObject({ code: 'internal_error', retryable: false, retryAfterSeconds: undefined });
      expect(error.cause).toBe(cause);
      expect(error.message).not.toContain('secret');
    },
  );
});

describe('what a log says of an error', () => {
  it('is its name and where it comes from', () => {
    const described = describeError(new RangeError('secret'));
    expect(described['name']).toBe('RangeError');
    expect(described['frames']).toEqual(
      expect.arrayContaining([expect.stringMatching(/^at .*errors\.test\.ts/)]),
    );
    expect((described['frames'] as string[]).length).toBeLessThanOrEqual(10);
  });

  it('is short when Usher foresaw it', () => {
    expect(describeError(new UsherError('crm_unavailable', 'secret'))).toEqual({
      name: 'UsherError',
      code: 'crm_unavailable',
    });
  });

  it('has frames when it is our bug', () => {
    const described = describeError(toUsherError(new TypeError('secret')));
    expect(described).toMatchObject({
      name: 'UsherError',
      code: 'internal_error',
      cause: { name: 'TypeError' },
    });
    expect(described['frames']).toEqual(expect.arrayContaining([expect.stringContaining('toUsherError')]));
  });

  it('tells the code of the system', () => {
    const error = Object.assign(new Error('secret'), { code: 'ECONNRESET' });
    expect(describeError(error)).toMatchObject({ name: 'Error', code: 'ECONNRESET' });
    expect(describeError(Object.assign(new Error('secret'), { code: 7 }))).not.toHaveProperty('code');
  });

  it.each([['secret'], [undefined], [{ secret: 1 }]])('of a thrown %j is its type', (thrown) => {
    expect(describeError(thrown)).toEqual({ name: typeof thrown });
  });

  it('survives without a stack', () => {
    const error = new Error('secret');
    delete error.stack;
    expect(describeError(error)).toEqual({ name: 'Error', frames: [] });
  });

  it.each<[name: string, error: () => unknown]>([
    ['one line', () => new Error('secret')],
    ['several lines', () => new Error('secret\nsecret')],
    [
      'lines that look like frames',
      () => new Error('secret\n    at secret (secret.ts:1:1)\n    at secret@example.com'),
    ],
    ['nothing but such lines', () => new Error('    at secret (secret.ts:1:1)')],
    ['of a cause', () => new Error('secret', { cause: new Error('secret\n    at secret') })],
    ['of a cause of a cause', () => toUsherError(sdkError('E', 'secret', { cause: new Error('secret') }))],
    ['a text as cause', () => new Error('secret', { cause: 'secret' })],
    [
      'a field of AWS',
      () => sdkError('E', 'secret', { Item: { email: { S: 'secret' } }, $response: 'secret' }),
    ],
    ['of a parser', () => thrownBy(() => JSON.parse('{"secret": secret}'))],
    ['of a schema', () => thrownBy(() => z.object({ a: z.literal('x') }).parse({ a: 'secret', secret: 1 }))],
    ['of a URL', () => thrownBy(() => new URL('secret'))],
  ])('never holds a message: %s', (_name, make) => {
    expect(JSON.stringify(describeError(make()))).not.toContain('secret');
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
