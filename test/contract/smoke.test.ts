import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
});
afterAll(() => test.stop());

describe('the main job', () => {
  it.each([
    ['encharge', 'e0000000-0000-4000-8000-000000000001'],
    ['userengage', '2'],
  ] as const)(
    '%s: a new contact becomes a user, is welcomed, and its password is in the CRM',
    async (crm, id) => {
      const answer = await webhook(test, crm, 'add', id, { send_notification: 'true' });
      expect(answer.status).toBe(200);
      expect(answer.body.data.result).toBe('created');
      await test.idle();
      const user = await test.userOf(crm, id);
      expect(user?.effects).toEqual({});
      expect(user?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
      expect(test.ses.mails.at(-1)?.to).toEqual([user?.email]);
    },
  );
});
