import { expect, it } from '@jest/globals';
import type { Deployment } from '../../../lib/commands/support/deployment.ts';
import { readSecret } from '../../../lib/commands/support/stored-secret.ts';

const failing = (name: string) =>
  ({
    config: { connections: { encharge: {} } },
    secretIds: { encharge: 'usher-encharge' },
    secrets: { send: () => Promise.reject(Object.assign(new Error('quotes nobody'), { name })) },
  }) as unknown as Deployment;

it.each([
  ['is being deleted', 'InvalidRequestException', 'restore-secret --secret-id usher-encharge'],
  ['is gone', 'ResourceNotFoundException', 'put it back and deploy again'],
])('a secret that %s: says how to have one again', async (what, name, remedy) => {
  const reading = readSecret(failing(name), 'encharge');
  await expect(reading).rejects.toThrow(`The secret of "encharge" ${what}`);
  await expect(reading).rejects.toThrow(remedy);
});

it('leaves other failures of AWS as they are', async () => {
  await expect(readSecret(failing('ThrottlingException'), 'encharge')).rejects.toThrow('quotes nobody');
});
