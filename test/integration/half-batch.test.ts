import { describe, expect, it } from '@jest/globals';
import { takeJobs } from '../support/jobs.ts';
import { keyOf, request, type WebhookAnswer } from '../support/webhook.ts';
import { io, newContact, test, usePacedStack } from './paced-stack.ts';
import { drain } from './work.ts';

usePacedStack();

const contacts = (count: number) => Array.from({ length: count }, () => newContact('encharge'));

function send(elements: readonly unknown[]): Promise<WebhookAnswer> {
  return request(test, {
    query: { wpf_action: 'add', access_key: keyOf(test) },
    body: JSON.stringify(elements),
  });
}

/** SQS takes the calls that hold none of these contacts, and fails the others. */
function refuse(ids: readonly string[], isRefused = true): void {
  io.before = ({ name, input }) => {
    const text = JSON.stringify(input);
    if (name === 'SendMessageBatch' && isRefused && ids.some((id) => text.includes(id))) {
      throw Object.assign(new Error('down'), { $metadata: {} });
    }
  };
}

const elementsOf = (ids: readonly string[]) => ids.map((id) => ({ id }));
const taken = async () => (await takeJobs(test)).map(({ job }) => job);

describe('a batch of which a part could not be stored', () => {
  it('is 503 with Retry-After, says which elements are missing, and which jobs are there', async () => {
    const ids = contacts(25);
    refuse([String(ids[12])]);
    const answer = await send(elementsOf(ids));
    io.before = undefined;
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30']);
    const missing = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19];
    expect(answer.body).toEqual({
      success: false,
      error: { code: 'unavailable', message: expect.stringContaining('Send it again') },
      not_queued: missing,
      job_ids: expect.any(Array),
      request_id: answer.headers.get('apigw-requestid'),
    });
    const jobs = await taken();
    expect(jobs.map(({ id }) => id).sort()).toEqual([...answer.body.job_ids].sort());
    const stored = ids.filter((_id, index) => !missing.includes(index));
    expect(jobs.map(({ contactId }) => contactId).sort()).toEqual(stored.sort());
    expect(test.log.at(-1)).toMatchObject({ status: 503, error_code: 'unavailable', jobs: 15 });
  });

  it('names the elements by their places in the body, whatever else stands there', async () => {
    const [one = '', two = '', three = ''] = contacts(3);
    refuse([one]);
    const answer = await send([{}, { id: one }, null, { id: two }, { id: one }, { id: three }]);
    expect(answer.body).toMatchObject({ not_queued: [1, 3, 5], job_ids: [] });
  });

  it('can be completed with the elements that are missing', async () => {
    const ids = contacts(25);
    refuse([String(ids[24])]);
    const { body } = await send(elementsOf(ids));
    io.before = undefined;
    const rest = (body.not_queued as number[]).map((index) => String(ids[index]));
    expect(rest).toEqual(ids.slice(20));
    expect((await send(elementsOf(rest))).status).toBe(202);
    await drain(test, io);
    for (const id of ids) expect(await test.userOf('encharge', id)).toBeDefined();
  });

  it('is stored once when SQS took it, and only its answer was lost', async () => {
    const ids = contacts(10);
    let lost = 0;
    io.after = ({ name }) => {
      if (name === 'SendMessageBatch' && lost++ === 0)
        throw Object.assign(new Error('reset'), { $metadata: {} });
    };
    const answer = await send(elementsOf(ids));
    io.after = undefined;
    expect([answer.status, answer.body.not_queued]).toEqual([503, ids.map((_id, index) => index)]);
    expect(await taken()).toHaveLength(10);
  });
});
