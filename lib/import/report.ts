import { exitCodes, printable, printableJson, type Terminal } from '../commands/support/terminal.ts';
import { sentIds } from './kept-ids.ts';
import type { Ended } from './run.ts';
import { jobIdOf } from './send.ts';
import type { State } from './state.ts';

/** What to do about a contact that was refused. docs/errors.md has more. */
const nextSteps: Readonly<Record<string, string>> = {
  email_missing: 'Give it a usable address in the CRM.',
  email_in_use: 'Another user keeps its address: merge the two contacts in the CRM, or change an address.',
  privileged_user:
    'Its address belongs to a user who is administered by hand: "usher user link" links the two.',
  login_taken: 'Another user has its username: change it in the CRM.',
  contact_not_found: 'The CRM does not have it any more.',
  contact_too_large: 'Shorten its texts or tags in the CRM.',
  user_not_found: 'It has no user any more.',
};
const otherwise = 'See docs/errors.md.';
const afterGivenUp = 'It is among the dead letters: "usher dlq list", then "usher dlq replay".';

interface Refused {
  contactId: string;
  result: string;
  code: string | undefined;
  next: string;
}

/** The contacts that nothing became of, in the order in which they were sent. */
async function* refusedOf(state: State, { tally }: Ended, cwd: string): AsyncGenerator<Refused> {
  for await (const contactId of sentIds(cwd, state)) {
    const fate = tally.of(jobIdOf(state, contactId));
    if (fate?.result !== 'refused' && fate?.result !== 'given_up') continue;
    const next = fate.result === 'given_up' ? afterGivenUp : (nextSteps[fate.code ?? ''] ?? otherwise);
    yield { contactId, result: fate.result, code: fate.code, next };
  }
}

async function showResults(state: State, ended: Ended, cwd: string, { out }: Terminal): Promise<void> {
  const counts = Object.entries(ended.tally.counts()).sort(([one], [other]) => (one < other ? -1 : 1));
  const width = Math.max(...counts.map(([name]) => name.length), 8);
  for (const [name, count] of counts) out(`${name.padEnd(width)}  ${count}`);
  for await (const { contactId, code, result, next } of refusedOf(state, ended, cwd))
    out(`${result}  contact ${printable(contactId)}  (${code ?? 'unknown'})  ${next}`);
}

async function printResults(state: State, ended: Ended, cwd: string, { out }: Terminal): Promise<void> {
  for await (const { contactId, result, code, next } of refusedOf(state, ended, cwd))
    out(printableJson(JSON.stringify({ contact_id: contactId, result, error_code: code, next })));
  const { id, sent, isRead } = state;
  const results = ended.tally.counts();
  out(JSON.stringify({ id, sent, results, open: ended.open, whole: isRead && ended.open === 0 }));
}

/** Says what became of it, and what is still to be done. Ends with 1 when something is. */
export async function report(
  state: State,
  ended: Ended,
  { json, command, cwd }: { json: boolean | undefined; command: (words: string) => string; cwd: string },
  terminal: Terminal,
): Promise<void> {
  await (json ? printResults : showResults)(state, ended, cwd, terminal);
  const again = command(`${state.kind} --resume ${state.id}`);
  if (!state.isRead) terminal.err(`It was stopped after ${state.sent} contact(s). To go on: ${again}`);
  else if (ended.open > 0)
    terminal.err(`${ended.open} job(s) are still in the queue. To look again: ${again}`);
  const failed = ended.tally.count('refused') + ended.tally.count('given_up');
  if (failed > 0 || ended.open > 0 || !state.isRead) process.exitCode = exitCodes.failed;
}
