/** What must not be found after a run. */
export const problemKinds = [
  'lost',
  'duplicate user',
  'stale tags',
  'stale fields',
  'stale e-mail',
  'stale role',
  'wrong link',
  'pending effect',
  'missing mail',
  'unexplained duplicate mail',
  'mail to a stranger',
  'missing password',
  'wrong password',
  'orphan item',
  'stuck job',
  'unexpected answer',
  'internal error',
  'leak in the log',
] as const;

export type ProblemKind = (typeof problemKinds)[number];

/** Something that is not as it was promised; ids only. */
export interface Problem {
  kind: ProblemKind;
  /** The number of the person, where it is one's. */
  person?: number;
  what: string;
}
