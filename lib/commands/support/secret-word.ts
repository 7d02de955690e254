import { type Connector, type Credentials, neededSecrets } from '../../../functions/crm/connector.ts';
import { CommandError, type Terminal } from './terminal.ts';

/** What stands in an option's place for a secret that is read from stdin. */
export const fromStdin = '-';

/**
 * A token or key from the keyboard, without echo, or from a pipe: never an argument, which shells and process lists keep.
 *
 * @param what what it is called: `token`, `key`
 * @param outcome what the command has not done when there is none
 * @throws CommandError when it is missing or no word
 */
export async function secretWord(
  { askSecret, input }: Terminal,
  question: string,
  what: string,
  outcome: string,
): Promise<string> {
  const word = (await (askSecret ? askSecret(`${question} (not shown): `) : input())).trim();
  return checkedWord(word, what, outcome);
}

function checkedWord(word: string, what: string, outcome: string): string {
  if (word === '') throw new CommandError(`No ${what} was given. ${outcome}`);
  if (!/^[\x21-\x7E]+$/.test(word)) {
    throw new CommandError(`A ${what} is one word of ASCII characters. ${outcome}`);
  }
  return word;
}

/**
 * What a connection's secret holds for its CRM, asked for one by one, or a line each from a pipe. What may be left out is left
 * out with an empty line.
 *
 * @param secrets as the connector has them
 * @throws CommandError when one is missing or no word
 */
export async function secretWords(
  { askSecret, input }: Terminal,
  title: string,
  secrets: Connector['secrets'],
): Promise<Credentials> {
  const outcome = 'Nothing was stored.';
  const piped = askSecret ? [] : (await input()).trim().split(/\r?\n/);
  const words: Record<string, string> = {};
  const needed = neededSecrets(secrets);
  for (const [index, [name, label]] of Object.entries(secrets).entries()) {
    const question = `${label} of ${title}${needed.includes(name) ? '' : ', or nothing'} (not shown): `;
    const word = (askSecret ? await askSecret(question) : (piped[index] ?? '')).trim();
    if (word !== '' || needed.includes(name))
      words[name] = checkedWord(word, name === 'apiToken' ? 'token' : label, outcome);
  }
  return { ...words, apiToken: words['apiToken'] ?? '' };
}
