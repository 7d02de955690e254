import { runtimeEnvironment } from '../../lib/bundle/runtime-environment.ts';

/** What Lambda and the stack put into the environment; the keys are nobody's. */
export const functionEnvironment = {
  ...runtimeEnvironment,
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'example',
  AWS_SESSION_TOKEN: 'example',
  USHER_TABLE: 'usher',
  USHER_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/000000000000/usher-jobs.fifo',
  USHER_DEAD_LETTER_URL: 'https://sqs.eu-west-1.amazonaws.com/000000000000/usher-jobs-dead.fifo',
  USHER_SECRETS: JSON.stringify({ encharge: 'usher/encharge', userengage: 'usher/userengage' }),
};
