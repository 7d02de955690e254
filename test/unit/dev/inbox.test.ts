import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Inbox, startInbox } from '../../../lib/dev/inbox.ts';
import { localClient } from '../../../lib/dev/local-client.ts';
import { LocalStackError } from '../../../lib/dev/local-stack-error.ts';
import { folder, useFolder } from '../../support/folder.ts';
import { canConnect } from './processes.ts';

let inbox: Inbox;
let ses: SESClient;

beforeAll(async () => {
  inbox = await startInbox();
  ses = new SESClient(localClient(inbox.endpoint));
});

afterAll(async () => {
  ses.destroy();
  await inbox.stop();
  expect(await canConnect('127.0.0.1', Number(new URL(inbox.endpoint).port))).toBe(false);
});

describe('startInbox', () => {
  it('takes a mail and shows it', async () => {
    const { MessageId } = await ses.send(
      new SendEmailCommand({
        Source: 'Site <site@example.com>',
        Destination: { ToAddresses: ['ada@example.com'] },
        ConfigurationSetName: 'usher',
        Message: {
          Subject: { Data: 'Zażółć ✓', Charset: 'UTF-8' },
          Body: { Text: { Data: 'a&b=c' }, Html: { Data: '<p>a&amp;b</p>' } },
        },
      }),
    );

    const store = (await (await fetch(`${inbox.endpoint}/store`)).json()) as { emails: unknown[] };
    expect(store.emails).toMatchObject([
      {
        messageId: MessageId,
        from: 'Site <site@example.com>',
        destination: { to: ['ada@example.com'] },
        subject: 'Zażółć ✓',
        body: { text: 'a&b=c', html: '<p>a&amp;b</p>' },
      },
    ]);
  });

  it('has a page for the browser', async () => {
    const page = await fetch(inbox.url);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
  });

  it('listens on the loopback address only', async () => {
    expect(await canConnect('127.0.0.2', Number(new URL(inbox.endpoint).port))).toBe(false);
  });

  it('says which port is taken', async () => {
    const port = Number(new URL(inbox.endpoint).port);
    const starting = startInbox({ port });
    await expect(starting).rejects.toBeInstanceOf(LocalStackError);
    await expect(starting).rejects.toThrow(`Port ${port} for the inbox`);
  });
});

describe('an inbox on disk', () => {
  useFolder();

  const subjects = async ({ endpoint }: Inbox) => {
    const store = (await (await fetch(`${endpoint}/store`)).json()) as { emails: { subject: string }[] };
    return store.emails.map(({ subject }) => subject);
  };

  it('has written a mail before its sender is answered, and shows it again after a restart', async () => {
    const dataFile = join(folder, 'new', 'mails.jsonl');
    const kept = await startInbox({ dataFile });
    await fetch(`${kept.endpoint}/clear-store`, { method: 'POST' });
    const client = new SESClient(localClient(kept.endpoint));
    const lines: number[] = [];
    for (const subject of ['one', 'two']) {
      await client.send(
        new SendEmailCommand({
          Source: 'site@example.com',
          Destination: { ToAddresses: ['ada@example.com'] },
          Message: { Subject: { Data: subject }, Body: { Text: { Data: 'text' } } },
        }),
      );
      lines.push((await readFile(dataFile, 'utf8')).split('\n').length - 1);
    }
    client.destroy();
    expect(lines).toEqual([1, 2]);
    await kept.stop();
    // The last thing that a process which was killed has written.
    await appendFile(dataFile, '{"half');

    // All inboxes of a process share their mails: emptied by one that keeps none.
    await fetch(`${inbox.endpoint}/clear-store`, { method: 'POST' });
    const again = await startInbox({ dataFile });
    expect(await subjects(again)).toEqual(['one', 'two']);
    expect(await readFile(dataFile, 'utf8')).not.toContain('half');
    await fetch(`${again.endpoint}/clear-store`, { method: 'POST' });
    expect(await readFile(dataFile, 'utf8')).toBe('');
    await again.stop();
  });

  it('says that a file holds no mails, and leaves nothing running', async () => {
    const dataFile = join(folder, 'other.jsonl');
    await writeFile(dataFile, 'no mails\n');
    const starting = startInbox({ dataFile });
    await expect(starting).rejects.toBeInstanceOf(LocalStackError);
    await expect(starting).rejects.toThrow('other.jsonl holds no mails');
  });
});
