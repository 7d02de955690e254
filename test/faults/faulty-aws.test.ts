import { describe, expect, it } from '@jest/globals';
import { aborted, awsError } from './aws-errors.ts';
import { FaultyAws } from './faulty-aws.ts';
import { newInvocation, runAs } from './invocation.ts';
import { Tally } from './tally.ts';

/** The commands that may have been carried out, when the mail service answers a mail with an error. */
async function givenUpAfter(error: Error): Promise<string[]> {
  const givenUp: string[] = [];
  const aws = new FaultyAws({
    seed: 1,
    weather: () => ({ dynamodb: 0, sqs: 0, ses: 0 }),
    tally: new Tally(),
    onDone: () => undefined,
    onGivenUp: (_service, command) => {
      givenUp.push(command);
      return Promise.resolve();
    },
  });
  const client = aws.wrap({ send: (_command: SendEmailCommand) => Promise.reject(error) }, 'ses');
  const sending = runAs(newInvocation(1, 'job', 0), () => client.send(new SendEmailCommand()));
  await expect(sending).rejects.toBe(error);
  await aws.settled();
  return givenUp;
}

class SendEmailCommand {
  input = {};
}

describe('calls of the function to AWS', () => {
  it('may have been carried out when no answer came, whoever lost patience', async () => {
    const lateAnswer = Object.assign(new Error('3000 ms'), {
      name: 'TimeoutError',
      $metadata: { attempts: 1, totalRetryDelay: 0 },
    });
    expect(await givenUpAfter(lateAnswer)).toEqual(['SendEmail']);
    expect(await givenUpAfter(aborted())).toEqual(['SendEmail']);
  });

  it('have not been when AWS has said no', async () => {
    expect(await givenUpAfter(awsError('MessageRejected', 400))).toEqual([]);
  });
});
