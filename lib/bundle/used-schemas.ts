import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { replacedFiles } from './replaced-files.ts';

const functions = join(import.meta.dirname, '../../functions');
const clients = ['dynamodb', 'secrets-manager', 'ses', 'sqs'];
const registration = /^n0_registry\.registerError\((\w+)\$, \1\);$/gm;

/** The whole source of the function. */
async function ownSource(): Promise<string> {
  const files = await readdir(functions, { recursive: true });
  const sources = files.filter((file) => file.endsWith('.ts'));
  const texts = await Promise.all(sources.map((file) => readFile(join(functions, file), 'utf8')));
  return texts.join('\n');
}

/**
 * A client's schemas without the errors that nobody names.
 *
 * @throws Error when the file has none of them
 */
export function withNamedErrors(schemas: string, isNamed: (error: string) => boolean): string {
  let dropped = 0;
  const left = schemas.replaceAll(registration, (line: string, error: string) => {
    if (isNamed(error)) return line;
    dropped += 1;
    return '';
  });
  if (dropped === 0) throw new Error('no errors are registered as they used to be');
  return left;
}

/**
 * Schemas with the names of their traits in place of constants for them. A key that is computed may do something, for all that a bundler
 * knows, so that it keeps the schema of every call that nobody makes.
 *
 * @throws Error when there are no such constants
 */
export function withPlainKeys(schemas: string): string {
  const names = new Map(
    [...schemas.matchAll(/^const (_\w+) = ("[^"]*");$/gm)].map(([, name, text]) => [name, text]),
  );
  if (names.size === 0) throw new Error('no names stand in constants as they used to');
  return schemas.replaceAll(/\[(_\w+)\]:/g, (key, name: string) =>
    names.has(name) ? `${names.get(name)}:` : key,
  );
}

/**
 * A client has a class and a schema for each error of its service: 200 in all, built in each cold start. Errors are told apart by their
 * names, and those that the function's code never names come as the service's general error, with the same name, fault and
 * metadata. So retries are as before. A service may call an error otherwise than the SDK does, which only the schema knows: those that are
 * named keep theirs, and with it their members.
 */
export const usedSchemas: Plugin = {
  name: 'used-schemas',
  setup(context) {
    const source = ownSource();
    const files = clients.map((client) => `@aws-sdk/client-${client}/dist-es/schemas/schemas_0.js`);
    const used = async (schemas: string) => {
      const own = await source;
      return withPlainKeys(withNamedErrors(schemas, (error) => own.includes(`'${error}'`)));
    };
    return replacedFiles('used-schemas', Object.fromEntries(files.map((file) => [file, used]))).setup(
      context,
    );
  },
};
