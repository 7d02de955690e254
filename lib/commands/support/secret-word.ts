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
  if (word === '') throw new CommandError(`No ${what} was given. ${outcome}`);
  if (!/^[\x21-\x7E]+$/.test(word)) {
    throw new CommandError(`A ${what} is one word of ASCII characters. ${outcome}`);
  }
  return word;
}
