import { createHmac, timingSafeEqual } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { SignedWebhook } from '../../../functions/crm/webhook-form.ts';
import type { KeyRing } from '../../../functions/runtime/key-ring.ts';
import { expectSignature } from '../../../functions/webhook/signature.ts';
import type { WebhookEvent } from '../../../functions/webhook/webhook-context.ts';
import config from '../../../usher.config.ts';

const secret = 'ein Schlüssel';
const body = '{"id":"c1"}';
const sign = (text: string) => createHmac('sha256', secret).update(text).digest('hex');

/** As many vendors do it: HMAC of URL and body. Of another length it throws. */
const isSigned = ({ url, headers, body: bytes }: SignedWebhook, key: string): boolean => {
  const wanted = createHmac('sha256', key).update(url).update(bytes).digest();
  return timingSafeEqual(wanted, Buffer.from(headers['x-signature'] ?? '', 'hex'));
};

function event(signature: string | undefined, idle?: 'ok' | 'ignored'): WebhookEvent {
  return {
    rawPath: '/',
    rawQueryString: 'wpf_action=add',
    headers: signature === undefined ? {} : { 'x-signature': signature },
    body,
    isBase64Encoded: false,
    requestContext: { domainName: 'usher.example.com', http: { method: 'POST' } },
    context: {
      connection: 'encharge',
      idle,
      invocation: { time: (_step: string, work: () => unknown) => work() },
    },
  } as unknown as WebhookEvent;
}

function check(
  given: WebhookEvent,
  stored: string | undefined = secret,
  form = { isSigned },
): Promise<unknown> {
  const keyRing = { webhookSecret: () => Promise.resolve(stored) } as unknown as KeyRing;
  const step = expectSignature({ config, keyRing, now: () => new Date() }, () => form);
  return Promise.resolve(step.before?.({ event: given } as never)).then(
    () => 'accepted',
    (error: { code: string }) => error.code,
  );
}

const right = sign(`https://usher.example.com/?wpf_action=add${body}`);

describe('a webhook of a CRM that signs', () => {
  it('is accepted with its signature over the URL that was called and the body as it came', async () => {
    expect(await check(event(right))).toBe('accepted');
  });

  it.each<[name: string, signature: string | undefined]>([
    ['none', undefined],
    ['one of another body', sign(`https://usher.example.com/?wpf_action=add${body} `)],
    ['one of another URL', sign(`https://usher.example.com/?wpf_action=update${body}`)],
    ['half of it', right.slice(0, 32)],
    ['no hex', 'zz'.repeat(32)],
  ])('is refused as a wrong key is, with %s', async (_name, signature) => {
    expect(await check(event(signature))).toBe('invalid_access_key');
  });

  it('is refused where the stored secret is empty: nobody has taken the check away', async () => {
    expect(await check(event(right), '')).toBe('invalid_access_key');
  });

  it('is not checked while no secret is stored, and a probe of the URL never is', async () => {
    const unsigned: KeyRing['webhookSecret'] = () => Promise.resolve(undefined);
    const keyRing = { webhookSecret: unsigned } as unknown as KeyRing;
    const step = expectSignature({ config, keyRing, now: () => new Date() }, () => ({ isSigned }));
    await expect(step.before?.({ event: event(undefined) } as never)).resolves.toBeUndefined();
    expect(await check(event(undefined, 'ok'))).toBe('accepted');
    expect(await check(event(undefined, 'ignored'))).toBe('invalid_access_key');
  });
});
