import { awsFailure } from '../commands/support/aws-failure.ts';
import { CommandError } from '../commands/support/terminal.ts';
import { LocalStackError } from '../dev/local-stack-error.ts';
import type { Finding } from './finding.ts';

/**
 * Looks at one thing. What goes wrong while looking is a finding too, as long as it can be put into words, and keeps
 * nobody from looking at the rest.
 *
 * @param title what is looked at, as it is called in messages: `stage prod`
 */
export async function examine(
  about: Pick<Finding, 'check' | 'connection'>,
  title: string,
  look: () => Finding[] | Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await look();
  } catch (thrown) {
    const error = awsFailure(thrown, title);
    if (!(error instanceof CommandError || error instanceof LocalStackError)) throw error;
    return [{ ...about, status: 'fail', message: error.message }];
  }
}
