import { describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { bodyBytes, bodyText, readPayload, withoutEntities } from '../../../functions/webhook/body.ts';

const kilobyte = 1024;
const event = (body: string | undefined, isBase64Encoded = false) =>
  ({ ...(body === undefined ? {} : { body }), isBase64Encoded }) as APIGatewayProxyEventV2;
const base64 = (bytes: Uint8Array | string) => event(Buffer.from(bytes).toString('base64'), true);

describe('the text of a body', () => {
  it.each<[name: string, event: APIGatewayProxyEventV2, text: string]>([
    ['none', event(undefined), ''],
    ['empty', event(''), ''],
    ['as text', event('{"id":"é"}'), '{"id":"é"}'],
    ['in base64, as UTF-8', base64('{"name":"Zoë 👩‍👩‍👧‍👦"}'), '{"name":"Zoë 👩‍👩‍👧‍👦"}'],
    ['in base64, empty', event('', true), ''],
    ['in base64, not UTF-8', base64(Uint8Array.of(0xff, 0x41)), '\uFFFDA'],
    ['said to be base64, and not', event('!?*', true), ''],
    ['256 KB', event('x'.repeat(256 * kilobyte)), 'x'.repeat(256 * kilobyte)],
    ['256 KB in base64', base64('x'.repeat(256 * kilobyte)), 'x'.repeat(256 * kilobyte)],
  ])('%s', (_name, given, text) => {
    expect(bodyText(bodyBytes(given))).toBe(text);
  });

  it.each<[name: string, event: APIGatewayProxyEventV2]>([
    ['as text', event('x'.repeat(256 * kilobyte + 1))],
    ['in bytes, not in characters', event('é'.repeat(128 * kilobyte + 1))],
    ['in base64', base64('x'.repeat(256 * kilobyte + 1))],
    ['once decoded: every stray byte becomes three', base64(Buffer.alloc(200 * kilobyte, 0xff))],
    ['far too much in base64', event('A'.repeat(5 * 1024 * kilobyte), true)],
  ])('too large: %s', (_name, given) => {
    expect(() => bodyText(bodyBytes(given))).toThrow(expect.objectContaining({ code: 'payload_too_large' }));
  });
});

describe('a body is read by its first character', () => {
  it.each<[text: string, payload: object]>([
    ['', { kind: 'none' }],
    [' \r\n\t', { kind: 'none' }],
    ['\uFEFF', { kind: 'none' }],
    ['{"id":1}', { kind: 'json', value: { id: 1 } }],
    ['\uFEFF  {"id":1}\n', { kind: 'json', value: { id: 1 } }],
    ['[1,2]', { kind: 'json', value: [1, 2] }],
    ['[]', { kind: 'json', value: [] }],
    ['id=1&name=Zo%C3%AB+x', { kind: 'form', fields: new URLSearchParams({ id: '1', name: 'Zoë x' }) }],
    ['"text"', { kind: 'form', fields: new URLSearchParams({ '"text"': '' }) }],
    ['<xml/>', { kind: 'form', fields: new URLSearchParams({ '<xml/>': '' }) }],
    ['null', { kind: 'form', fields: new URLSearchParams({ null: '' }) }],
    ['%', { kind: 'form', fields: new URLSearchParams({ '%': '' }) }],
  ])('%j', (text, payload) => {
    expect(readPayload(text)).toEqual(payload);
  });

  it.each(['{', '[', '{"id":}', '{"id":1', "{'id':1}", '{"id":1}{"id":2}', '[1,]'])(
    '%j is malformed',
    (text) => {
      expect(() => readPayload(text)).toThrow(
        expect.objectContaining({
          code: 'malformed_body',
          message: 'The body looks like JSON and is not.',
          cause: undefined,
        }),
      );
    },
  );
});

describe('what is no text', () => {
  it.each<[name: string, bytes: Buffer, says: RegExp]>([
    ['UTF-16, little end first', Buffer.from('{"id":"1"}', 'utf16le'), /UTF-16/],
    ['UTF-16 with its mark', Buffer.from('\uFEFF{"id":"1"}', 'utf16le'), /UTF-16/],
    ['UTF-16, big end first', Buffer.from('\uFEFF{"id":"1"}', 'utf16le').swap16(), /UTF-16/],
    ['UTF-16 of letters without a NUL', Buffer.from('\uFEFF顧客', 'utf16le'), /UTF-16/],
    ['bytes', Buffer.from([1, 2, 0, 3]), /no text/],
    ['gzip that nobody speaks of', Buffer.from([0x1f, 0x8b, 8]), /compressed, without/],
  ])('%s', (_name, bytes, says) => {
    expect(() => bodyText(bytes)).toThrow(
      expect.objectContaining({ code: 'malformed_body', message: expect.stringMatching(says) }),
    );
  });
});

describe('JSON in another wrapping', () => {
  it.each<[text: string, payload: object]>([
    ['"{\\"id\\":\\"1\\"}"', { kind: 'json', value: { id: '1' } }],
    [' "[1,2]" ', { kind: 'json', value: [1, 2] }],
    ['payload=%7B%22id%22%3A1%7D', { kind: 'json', value: { id: 1 } }],
    ['payload={"id":"1"}', { kind: 'json', value: { id: '1' } }],
    ['payload=x', { kind: 'form', fields: new URLSearchParams({ payload: 'x' }) }],
    ['payload={}&id=1', { kind: 'form', fields: new URLSearchParams({ payload: '{}', id: '1' }) }],
    ['name={}', { kind: 'form', fields: new URLSearchParams({ name: '{}' }) }],
  ])('%s', (text, payload) => {
    expect(readPayload(text)).toEqual(payload);
  });

  it.each([
    ['"{\\"id\\":"', 'The text in the body looks like JSON and is not.'],
    ['payload={"id":', 'The field payload looks like JSON and is not.'],
    ['payload=[1,]', 'The field payload looks like JSON and is not.'],
  ])('%s is malformed', (text, message) => {
    expect(() => readPayload(text)).toThrow(expect.objectContaining({ code: 'malformed_body', message }));
  });
});

it.each([
  ['a=1&amp;b=2&amp;amp;c=3', 'a=1&b=2&c=3'],
  ['a=1&b=amp;x&camp;=1', 'a=1&b=amp;x&camp;=1'],
  ['amp;=1', '=1'],
])('%s is read as %s', (given, read) => {
  expect([...withoutEntities(new URLSearchParams(given))]).toEqual([...new URLSearchParams(read)]);
});
