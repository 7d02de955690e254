import { GetSendQuotaCommand, SESClient } from '@aws-sdk/client-ses';
import { describe, expect, it } from '@jest/globals';
import { lateSes } from '../../../functions/runtime/late-ses.ts';

const quota = new GetSendQuotaCommand({});

/** A client that answers by itself. */
function answering(answer: object): SESClient {
  const client = new SESClient({ region: 'eu-west-1' });
  client.middlewareStack.add(() => () => Promise.resolve({ response: undefined, output: answer as never }), {
    step: 'initialize',
  });
  return client;
}

describe('the late client of SES', () => {
  it('is made with the first call, and once', async () => {
    let made = 0;
    const ses = lateSes(() => {
      made += 1;
      return Promise.resolve(answering({ Max24HourSend: 200 }));
    });
    expect(made).toBe(0);
    const answers = await Promise.all([ses.send(quota), ses.send(quota)]);
    expect(answers).toEqual([{ Max24HourSend: 200 }, { Max24HourSend: 200 }]);
    expect(made).toBe(1);
    ses.destroy();
  });

  it('is made again after that has failed', async () => {
    const makers = [() => Promise.reject(new Error('no file')), () => Promise.resolve(answering({}))];
    const ses = lateSes(() => makers.shift()?.() ?? Promise.reject(new Error('one more')));
    await expect(ses.send(quota)).rejects.toThrow('no file');
    expect(await ses.send(quota)).toEqual({});
    expect(makers).toEqual([]);
  });
});
