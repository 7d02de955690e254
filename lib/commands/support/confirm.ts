import { CommandError, type Terminal } from './terminal.ts';

/**
 * Lets the person at the keyboard agree to what cannot be undone, by typing "yes".
 *
 * @param isAgreed with `--yes` it is agreed already
 * @throws CommandError when they do not agree, or when nobody is there to be asked
 */
export async function confirm(
  { ask }: Terminal,
  question: string,
  isAgreed: boolean | undefined,
): Promise<void> {
  if (isAgreed) return;
  if (!ask) throw new CommandError(`${question} There is no terminal to ask on: add --yes if you are sure.`);
  const answer = await ask(`${question} Type "yes" to go on: `);
  if (answer.trim().toLowerCase() !== 'yes') throw new CommandError('Nothing was done.');
}
