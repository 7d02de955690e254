import type { IndexProblem } from '../../verify/verify-look.ts';
import type { Problem } from '../../verify/verify-table.ts';
import { printable } from './terminal.ts';

/** What became of a problem: only seen, mended, or still there although it was to be mended. */
export type ProblemStatus = 'found' | 'repaired' | 'remains';

/** A problem of the table as `--json` prints it. */
export interface ProblemLine {
  problem: string;
  status: ProblemStatus;
  pk: string;
  sk: string;
  user?: string;
  /** The other user, that has the item. */
  holder?: string;
  effects?: string[];
  /** When the user was created whose effects are pending. */
  since?: string;
}

function nameOf({ kind, key }: IndexProblem): string {
  return `${kind}_${key.pk.startsWith('TAG#') ? 'tag_member' : 'claim'}`;
}

export function problemLine(problem: Problem, status: ProblemStatus): ProblemLine {
  if (problem.kind === 'unknown' || problem.kind === 'leftover')
    return { problem: `${problem.kind}_item`, status, ...problem.key };
  const { userId: user } = problem;
  if (problem.kind === 'old_spelling')
    return { problem: problem.kind, status, pk: `USER#${user}`, sk: 'USER', user };
  if (problem.kind === 'effects_pending') {
    const { kind, effects, since } = problem;
    return { problem: kind, status, pk: `USER#${user}`, sk: 'USER', user, effects, since };
  }
  const holder = problem.holder ? { holder: problem.holder.id } : {};
  return { problem: nameOf(problem), status, ...problem.key, user, ...holder };
}

const words: Readonly<Record<string, (line: ProblemLine) => string>> = {
  orphan_claim: ({ user }) => `names user ${user}, who does not exist or does not have it`,
  missing_claim: ({ user }) => `is missing, and user ${user} has it`,
  misdirected_claim: ({ user, holder }) =>
    `belongs to user ${user}, and names ${holder}, who does not have it`,
  clash_claim: ({ user, holder }) => `names ${holder ?? 'nobody'}, and user ${user} has it as well`,
  orphan_tag_member: ({ user }) => `names user ${user}, who does not exist or does not have the tag`,
  missing_tag_member: ({ user }) => `is missing or wrong, and user ${user} has the tag`,
  effects_pending: ({ effects, since }) => `${effects?.join(' and ')} not done since ${since}`,
  old_spelling: () => 'has tags that are not in NFC',
  leftover_item: () => 'is of an earlier release, and nothing reads it',
  unknown_item: () => 'is nothing that Usher has written',
};

/** A problem as a line for people. */
export function readableProblem(line: ProblemLine): string {
  const item = line.sk === 'UNIQUE' || line.sk === 'USER' ? line.pk : `${line.pk} ${line.sk}`;
  return `${line.status.padEnd(8)}  ${printable(item)}  ${words[line.problem]?.(line)}`;
}
