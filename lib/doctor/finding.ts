import type { Deployment } from '../commands/support/deployment.ts';

/** What `usher doctor` found out about one thing. */
export interface Finding {
  check: string;
  /** The connection it is about, where it is about one. */
  connection?: string;
  /** `skip`: it does not exist here, or cannot be looked at before something else is mended. */
  status: 'ok' | 'warn' | 'fail' | 'skip';
  message: string;
  /** What to do about it. */
  fix?: string;
}

/** Whom the doctor looks at. */
export interface Patient {
  deployment: Deployment;
  now: () => Date;
}
