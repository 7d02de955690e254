import { SESClient, SendEmailCommand, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type FakeSes, type SesFault, startFakeSes } from '../../support/fake-ses.ts';

let fake: FakeSes;
let ses: SESClient;

beforeEach(async () => {
  fake = await startFakeSes();
  ses = client(1);
});

afterEach(async () => {
  ses.destroy();
  await fake.stop();
});

function client(maxAttempts: number): SESClient {
  return new SESClient({
    region: 'eu-west-1',
    endpoint: fake.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts,
    requestHandler: new NodeHttpHandler(),
  });
}

const mail = () =>
  new SendEmailCommand({
    Source: 'Site <site@example.com>',
    Destination: { ToAddresses: ['ada@example.com', 'bob@example.com'] },
    ConfigurationSetName: 'usher',
    Message: { Subject: { Data: 'Zażółć ✓' }, Body: { Text: { Data: 'a&b=c' }, Html: { Data: '<p>ż</p>' } } },
  });

describe('startFakeSes', () => {
  it('takes mails and remembers them', async () => {
    const { MessageId } = await ses.send(mail());
    expect(MessageId).toBe('fake-1');
    expect(fake.mails).toEqual([
      {
        to: ['ada@example.com', 'bob@example.com'],
        from: 'Site <site@example.com>',
        subject: 'Zażółć ✓',
        text: 'a&b=c',
        html: '<p>ż</p>',
        configurationSet: 'usher',
        at: expect.any(Date),
      },
    ]);
    fake.clear();
    expect(fake.mails).toEqual([]);
  });

  it.each<{ fault: SesFault; name: string; mails: number }>([
    { fault: 'throttling', name: 'Throttling', mails: 0 },
    { fault: 'message-rejected', name: 'MessageRejected', mails: 0 },
    { fault: 'server-error', name: 'InternalFailure', mails: 0 },
    { fault: 'connection-reset', name: 'Error', mails: 0 },
    { fault: 'answer-lost', name: 'Error', mails: 1 },
  ])('fails with $fault, as often as it is told to', async ({ fault, name, mails }) => {
    fake.failNext(fault);
    await expect(ses.send(mail())).rejects.toMatchObject({ name });
    expect(fake.mails).toHaveLength(mails);
    await ses.send(mail());
    expect(fake.mails).toHaveLength(mails + 1);
    expect(fake.requests).toBe(2);
  });

  it('hangs until its client gives up', async () => {
    fake.failNext('hang');
    const abort = new AbortController();
    const sending = ses.send(mail(), { abortSignal: abort.signal });
    while (fake.requests === 0) await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    await expect(sending).rejects.toMatchObject({ name: 'AbortError' });
    await ses.send(mail());
    expect(fake.mails).toHaveLength(1);
  });

  it('throttles in a way that the SDK tries again', async () => {
    const patient = client(3);
    fake.failNext('throttling', 2);
    await patient.send(mail());
    expect(fake.requests).toBe(3);
    expect(fake.mails).toHaveLength(1);
    patient.destroy();
  });

  it('fails until it is told otherwise', async () => {
    fake.failAlways('message-rejected');
    await expect(ses.send(mail())).rejects.toThrow('not verified');
    await expect(ses.send(mail())).rejects.toThrow('not verified');
    fake.failAlways(undefined);
    await ses.send(mail());
    expect(fake.mails).toHaveLength(1);
  });

  it('knows no other action', async () => {
    await expect(
      ses.send(new SendRawEmailCommand({ RawMessage: { Data: Buffer.from('a') } })),
    ).rejects.toThrow('Unknown action');
  });
});
