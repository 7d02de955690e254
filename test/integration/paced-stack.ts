import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { SandboxCrm } from '../../lib/dev/sandbox/sandbox.ts';
import { createIo } from '../support/io.ts';
import { forgetPauses } from '../support/pauses.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { type WebhookAnswer, webhook } from '../support/webhook.ts';
import { crms, newEmail, putContact } from './contacts.ts';
import { patientConfig } from './patient-config.ts';
import { drain } from './work.ts';

export const io = createIo({ isPatient: false });
/** What the function told the alarm of which connection, by its log's metrics. */
export const alarms: string[] = [];
export let test: TestStack;

/** A stack for the tests of a file about pauses; each test begins without any, and with an empty queue. */
export function usePacedStack(): void {
  beforeAll(async () => {
    test = await startTestStack({
      config: patientConfig,
      withPoller: false,
      adjust: (services) => {
        const { log } = services;
        return io.adjust({
          ...services,
          log: {
            ...log,
            record(line) {
              if (line.call.credentials) alarms.push(`${line.connection} ${line.call.credentials}`);
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
    await forgetPauses(test);
    await drain(test, io);
    alarms.length = 0;
  });
  afterAll(() => test.stop());
}

const passwordless = { user_pass: 'made-up-password' };

/** A contact that becomes a user without any effects. */
export const newContact = (crm: SandboxCrm) =>
  putContact(test, crm, { email: newEmail(), tags: ['new'], custom: passwordless });

export const add = (crm: SandboxCrm, id = newContact(crm)) => webhook(test, crm, 'add', id);

/** What another function of the same stack knows: only the table. */
export const inAnotherProcess = () => test.stack.services.recentPauses.clear();

/** The answer, the reason in the log, and how many calls of the CRM it took. */
export async function told(answer: Promise<WebhookAnswer>) {
  const before = io.count('crm');
  const { status, body, headers } = await answer;
  const line = test.log.find(({ request_id }) => request_id === headers.get('apigw-requestid'));
  return {
    answer: `${status} ${body.data?.result ?? body.error.code}`,
    because: line?.['deferred_by'],
    calls: io.count('crm') - before,
  };
}

/** What is told of a webhook that was kept from calling the CRM. */
export const held = { answer: '202 queued', because: 'crm_paused', calls: 0 };
