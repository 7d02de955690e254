import { replacedFiles } from './replaced-files.ts';

const clients = ['dynamodb', 'secrets-manager', 'ses', 'sqs'];

/** Of its `package.json` a client of the SDK reads the version only. */
export const clientVersions = replacedFiles(
  'client-versions',
  Object.fromEntries(
    clients.map((client) => [
      `@aws-sdk/client-${client}/package.json`,
      (text: string) => JSON.stringify({ version: (JSON.parse(text) as { version: string }).version }),
    ]),
  ),
);
