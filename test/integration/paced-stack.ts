import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { Config } from '../../functions/config/config.ts';
import { crms } from '../contract/contacts.ts';
import { createIo } from '../support/io.ts';
import { forgetPace } from '../support/pace.ts';
import { patientConfig } from '../support/patient-config.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import type { TestedCrm } from '../support/tested-crm.ts';
import { request, type WebhookAnswer, webhook } from '../support/webhook.ts';
import { newEmail, putContact } from './contacts.ts';
import { drain } from './work.ts';

export const io = createIo({ isPatient: false });
/** What the function told the alarm for the token, and of which connection, by its log's metrics. */
export const alarms: string[] = [];
export let test: TestStack;

/** A stack for the tests of a file about the pace; each test begins at full speed, and with an empty queue. */
export function usePacedStack(config: Config = patientConfig): void {
  beforeAll(async () => {
    test = await startTestStack({
      config,
      withPoller: false,
      adjust: (services) => {
        const { log } = services;
        return io.adjust({
          ...services,
          log: {
            ...log,
            record(line) {
              if (line.invocation.access) alarms.push(`${line.connection} ${line.invocation.access}`);
              log.record(line);
            },
          },
        });
      },
    });
  });
  afterEach(async () => {
    io.before = undefined;
    for (const crm of crms) test[crm].faults.clear();
    await forgetPace(test);
    await drain(test, io);
    await forgetPace(test);
    alarms.length = 0;
    io.clear();
  });
  afterAll(() => test.stop());
}

const passwordless = { user_pass: 'made-up-password' };

/** A contact that becomes a user without any effects. */
export const newContact = (crm: TestedCrm) =>
  putContact(test, crm, { email: newEmail(), tags: ['new'], custom: passwordless });

export const add = (crm: TestedCrm, id = newContact(crm)) => webhook(test, crm, 'add', id);

/** A test without a contact. */
export const check = (crm: TestedCrm) =>
  request(test, {
    query: { wpf_action: 'test', access_key: String(test.stack.connections[crm]?.accessKey) },
  });

/** What another function of the same stack knows: only the table. */
export const inAnotherProcess = () => test.stack.services.paceMemory.clear();

/** The answer, the reason in it, and how many calls of the CRM it took. */
export async function told(answer: Promise<WebhookAnswer>) {
  const before = io.count('crm');
  const { status, body } = await answer;
  return {
    answer: `${status} ${body.data?.result ?? body.error.code}`,
    because: body.data?.reason,
    calls: io.count('crm') - before,
  };
}

/** What is told of a webhook that has to wait for its turn. */
export const held = (because: string) => ({ answer: '202 queued', because, calls: 0 });

/** What is told of one that is applied. */
export const created = { answer: '200 created', because: undefined, calls: 1 };

/** The rests, in seconds, that the function has asked SQS for. */
export const rests = (): number[] =>
  io.calls.flatMap(({ name, input }) =>
    name === 'ChangeMessageVisibility' ? [Number(Object(input).VisibilityTimeout)] : [],
  );

/** Of a function's writes those on the one item that all of them share. */
export const paceWrites = () =>
  io.calls.filter(
    ({ service, name, input }) =>
      service === 'dynamodb' && /^(Put|Delete)$/.test(name) && JSON.stringify(input).includes('"PACE#'),
  );
