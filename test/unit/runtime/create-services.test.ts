import { expect, it } from '@jest/globals';
import { defineConfig } from '../../../functions/config/define-config.ts';
import { createAwsClients } from '../../../functions/runtime/aws-clients.ts';
import { createServices } from '../../../functions/runtime/create-services.ts';
import { readEnvironment } from '../../../functions/runtime/environment.ts';
import { exampleInput } from '../example-config.ts';

const environment = {
  USHER_TABLE: 'table',
  USHER_QUEUE_URL: 'https://queue.example.com/jobs.fifo',
  USHER_DEAD_LETTER_URL: 'https://queue.example.com/jobs-dead.fifo',
  USHER_SECRETS: '{}',
};
const log = { record: () => undefined, problem: () => undefined };

it.each([
  [undefined, undefined, undefined],
  ['configured', undefined, 'configured'],
  [undefined, 'of-the-stack', 'of-the-stack'],
  ['configured', 'of-the-stack', 'of-the-stack'],
])('configuration set %s, in the environment %s: mails go by %s', (configured, given, used) => {
  const mail = { from: 'hello@example.com', ...(configured ? { configurationSet: configured } : {}) };
  const { config } = createServices(
    defineConfig(exampleInput({ mail })),
    readEnvironment({ ...environment, ...(given ? { USHER_CONFIGURATION_SET: given } : {}) }),
    createAwsClients(() => ({ region: 'eu-west-1' })),
    log,
  );
  expect(config.mail.configurationSet).toBe(used);
  expect(config.mail.from).toBe('hello@example.com');
});
