import { describe, expect, it } from '@jest/globals';
import { toHttpAnswer } from '../../../lib/dev/http-answer.ts';

const json = { 'content-type': 'application/json' };

describe('toHttpAnswer', () => {
  it('takes status, headers and body', () => {
    const result = {
      statusCode: 202,
      headers: {
        'Content-Type': 'application/json',
        'Cache-Control': 'no-store',
        'X-Count': 1,
        Connection: 'close',
      },
      cookies: ['a=1', 'b=2'],
      body: '{"ż":1}',
    };
    expect(toHttpAnswer(result)).toEqual({
      status: 202,
      headers: { ...json, 'cache-control': 'no-store', 'x-count': '1', 'set-cookie': ['a=1', 'b=2'] },
      body: Buffer.from('{"ż":1}'),
    });
  });

  it.each([
    { name: 'a base64 body', result: { statusCode: 200, body: 'YWJj', isBase64Encoded: true }, body: 'abc' },
    { name: 'a status as text', result: { statusCode: '200', body: 'abc' }, body: 'abc' },
    { name: 'no body', result: { statusCode: 200 }, body: '' },
  ])('takes $name', ({ result, body }) => {
    expect(toHttpAnswer(result)).toEqual({
      status: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: Buffer.from(body),
    });
  });

  it.each([
    { name: 'an object', result: { a: 1 }, body: '{"a":1}' },
    { name: 'an array', result: [1], body: '[1]' },
    { name: 'text', result: 'abc', body: 'abc' },
    { name: 'null', result: null, body: 'null' },
    { name: 'nothing', result: undefined, body: 'null' },
  ])('takes $name without a status for a JSON body', ({ result, body }) => {
    expect(toHttpAnswer(result)).toEqual({ status: 200, headers: json, body: Buffer.from(body) });
  });

  it.each([
    { statusCode: 'ok' },
    { statusCode: 0 },
    { statusCode: 99 },
    { statusCode: 600 },
    { statusCode: undefined },
  ])('takes the status $statusCode for a broken function', (result) => {
    expect(toHttpAnswer(result)).toEqual({
      status: 500,
      headers: json,
      body: Buffer.from('{"message":"Internal Server Error"}'),
    });
  });
});
