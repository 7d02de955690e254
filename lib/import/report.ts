import { exitCodes, printable, printableJson, type Terminal } from '../commands/support/terminal.ts';
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
function* refusedOf(state: State, { tally }: Ended): Generator<Refused> {
  for (const contactId of state.sent) {
    const fate = tally.of(jobIdOf(state, contactId));
    if (fate?.result !== 'refused' && fate?.result !== 'given_up') continue;
    const next = fate.result === 'given_up' ? afterGivenUp : (nextSteps[fate.code ?? ''] ?? otherwise);
    yield { contactId, result: fate.result, code: fate.code, next };
  }
}

function showResults(state: State, ended: Ended, { out }: Terminal): void {
  const counts = Object.entries(ended.tally.counts()).sort(([one], [other]) => (one < other ? -1 : 1));
  const width = Math.max(...counts.map(([name]) => name.length), 8);
  for (const [name, count] of counts) out(`${name.padEnd(width)}  ${count}`);
  for (const { contactId, code, result, next } of refusedOf(state, ended))
    out(`${result}  contact ${printable(contactId)}  (${code ?? 'unknown'})  ${next}`);
}

function printResults(state: State, ended: Ended, { out }: Terminal): void {
  for (const { contactId, result, code, next } of refusedOf(state, ended))
    out(printableJson(JSON.stringify({ contact_id: contactId, result, error_code: code, next })));
  const { id, sent, isRead } = state;
  const results = ended.tally.counts();
  out(
    JSON.stringify({ id, sent: sent.length, results, open: ended.open, whole: isRead && ended.open === 0 }),
  );
}

/** Says what became of it, and what is still to be done. Ends with 1 when something is. */
export function report(
  state: State,
  ended: Ended,
  { json, command }: { json: boolean | undefined; command: (words: string) => string },
  terminal: Terminal,
): void {
  if (json) printResults(state, ended, terminal);
  else showResults(state, ended, terminal);
  const again = command(`${state.kind} --resume ${state.id}`);
  if (!state.isRead) terminal.err(`It was stopped after ${state.sent.length} contact(s). To go on: ${again}`);
  else if (ended.open > 0)
    terminal.err(`${ended.open} job(s) are still in the queue. To look again: ${again}`);
  const failed = ended.tally.count('refused') + ended.tally.count('given_up');
  if (failed > 0 || ended.open > 0 || !state.isRead) process.exitCode = exitCodes.failed;
}
