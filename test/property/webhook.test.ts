import { describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import fc from 'fast-check';
import type { UsherEvent } from '../../functions/create-handler.ts';
import { parameterNames } from '../../functions/webhook/parameters.ts';
import { createLambdaContext } from '../../lib/dev/lambda-context.ts';
import { descriptions } from '../../lib/sandbox/descriptions.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import { anyJson, anyText } from './texts.ts';

useTestStack({ withPoller: false });

/** Stands for the access key until the stack has made one. */
const keyMark = 'ACCESS-KEY-OF-THIS-CONNECTION';

const word = fc.oneof(
  { weight: 2, arbitrary: anyText },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      keyMark,
      'add',
      'update',
      'update_tags',
      'test',
      'true',
      'false',
      'customer',
      'ada@example.com',
      'bare@example.com',
      descriptions.encharge.idOf(1),
      descriptions.encharge.idOf(9),
      descriptions.encharge.idOf(10),
      '1',
      '9',
    ),
  },
);
const names = [...parameterNames, 'id', 'user', 'extra', 'endUserData'];
const pairs = fc.array(fc.tuple(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...names) }, word), word), {
  maxLength: 6,
});
const form = pairs.map((given) => new URLSearchParams(given).toString());
const json = anyJson(names, word).map((value) => JSON.stringify(value));

const method = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom('GET', 'POST') },
  fc.constantFrom('PUT', 'DELETE', 'HEAD', 'get', ''),
);
const path = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('/', '') },
  fc.constantFrom('//', '/.env', `/${keyMark}`, '/%2e%2e/', '/_sandbox', '/wp-json/'),
  anyText.map((text) => `/${text}`),
);
/** Most have a right key, an action and a contact: the way inside is the interesting one. */
const inside = (known: readonly string[]) =>
  fc
    .record({
      action: fc.constantFrom('add', 'update', 'update_tags', 'test'),
      contact: fc.option(fc.constantFrom(...known)),
      isAsync: fc.boolean(),
      rest: fc.oneof(fc.constant(''), form),
    })
    .map(({ action, contact, isAsync, rest }) =>
      [
        `wpf_action=${action}&access_key=${keyMark}`,
        ...(contact === null ? [] : [`contact_id=${contact}`]),
        ...(isAsync ? ['async=true'] : []),
        rest,
      ].join('&'),
    );
const query = (known: readonly string[]) =>
  fc.oneof(
    { weight: 6, arbitrary: inside(known) },
    { weight: 2, arbitrary: form },
    { weight: 1, arbitrary: anyText },
  );
const headers = fc
  .array(
    fc.tuple(
      fc.oneof(
        fc.constantFrom('x-access-key', 'authorization', 'content-type', 'user-agent', 'referer'),
        anyText.map((text) => text.toLowerCase()),
      ),
      fc.oneof(
        word,
        word.map((text) => `Bearer ${text}`),
        fc.constantFrom('application/json', 'text/html'),
      ),
    ),
    { maxLength: 4 },
  )
  .map((given) => Object.fromEntries(given));
const body = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  form,
  json,
  json.map((text) => text.slice(0, -1)),
  fc.array(json, { maxLength: 3 }).map((items) => `[${items.join()}]`),
  anyText,
);
const encoding = fc.constantFrom<'plain' | 'base64' | 'called base64'>('plain', 'base64', 'called base64');

const event = (known: readonly string[]) =>
  fc
    .record({ method, path, query: query(known), headers, body, encoding })
    .map(
      ({
        method: verb,
        path: rawPath,
        query: rawQueryString,
        headers: given,
        body: text,
        encoding: kind,
      }) => ({
        version: '2.0',
        routeKey: '$default',
        rawPath,
        rawQueryString,
        headers: given,
        ...(text === undefined
          ? {}
          : { body: kind === 'base64' ? Buffer.from(text).toString('base64') : text }),
        isBase64Encoded: kind !== 'plain',
        requestContext: { requestId: 'r1', http: { method: verb, path: rawPath } },
      }),
    );

/** The event with the key in every place where its mark stood. */
function withKey(given: object, key: string): UsherEvent {
  const text = JSON.stringify(given).replaceAll(keyMark, key);
  return JSON.parse(text) as UsherEvent;
}

/** Contacts with an address, without one, and with nothing but one. */
const contacts = [
  ['encharge', [1, 9, 10].map(descriptions.encharge.idOf)],
  ['userengage', ['1', '9', '10']],
] as const;

describe.each(contacts)('any HTTP event for %s', (connection, known) => {
  it('is answered in JSON that nobody keeps, with 2xx or 4xx, and without the key', async () => {
    const secrets = Object.values(test.stack.connections).flatMap((known) => [
      known.accessKey,
      String(known.sandbox?.token),
    ]);
    const key = String(test.stack.connections[connection]?.accessKey);
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(event(known), async (given) => {
        const logged = test.log.length;
        const answer = (await test.stack.handler(
          withKey(given, key),
          createLambdaContext({ timeoutMs: 30_000 }),
        )) as APIGatewayProxyStructuredResultV2;
        const status = answer.statusCode ?? 0;
        expect(status === 503 || (status >= 200 && status < 300) || (status >= 400 && status < 500)).toBe(
          true,
        );
        expect(status).not.toBe(410);
        expect(answer.headers).toMatchObject({
          'content-type': 'application/json; charset=utf-8',
          'cache-control': 'no-store',
        });
        const parsed = JSON.parse(answer.body ?? '') as {
          success: boolean;
          data?: { result?: string };
          error?: { code: string };
        };
        expect(typeof parsed.success).toBe('boolean');
        const lines = test.log.slice(logged);
        expect(lines).toHaveLength(1);
        const told = JSON.stringify([answer, lines]);
        for (const secret of secrets) expect(told.includes(secret)).toBe(false);
        outcomes.add(`${status} ${parsed.error?.code ?? parsed.data?.result}`);
      }),
      { numRuns: 300 },
    );
    // Otherwise the events are not what they should be.
    const common = [
      '200 unchanged',
      '200 ok',
      '202 queued',
      '400 contact_id_missing',
      '403 invalid_access_key',
    ];
    expect([...outcomes]).toEqual(
      expect.arrayContaining([...common, '404 not_found', '405 method_not_allowed']),
    );
  });
});
