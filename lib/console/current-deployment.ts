import { readFile } from 'node:fs/promises';
import { awsFailure } from '../commands/support/aws-failure.ts';
import {
  closeDeployment,
  type Deployment,
  type DeploymentOptions,
  openDeployment,
} from '../commands/support/deployment.ts';
import { CommandError } from '../commands/support/terminal.ts';
import { LocalStackError } from '../dev/local-stack-error.ts';
import { stackFileOf } from '../dev/stack-file.ts';
import { onlyReading } from './read-only.ts';

/** After a failure the deployment is opened anew, but not more often, in milliseconds. */
const renewMs = 5000;

/** Something that whoever looks at the page can see to, in words. */
export class ConsoleProblem extends Error {
  override name = 'ConsoleProblem';
}

/** An Usher that may go and come back while somebody looks at it. */
export interface CurrentDeployment {
  /**
   * Does something with it.
   *
   * @param work gets a signal too, which ends when another one has taken its place
   * @throws ConsoleProblem when it cannot be used right now
   */
  use<Result>(work: (deployment: Deployment, ended: AbortSignal) => Promise<Result>): Promise<Result>;
  /** Lets go of a local stack that another one has taken the place of. */
  refresh(): Promise<void>;
  close(): void;
}

/** What a stack that was started again has written; a stage has nothing of the kind. */
async function markOf({ stage, port }: DeploymentOptions): Promise<string> {
  if (stage !== undefined) return stage;
  return readFile(stackFileOf(process.cwd(), port), 'utf8').catch(() => '');
}

/** An error in words for the page; one that nobody has foreseen is handed back as it is. */
export function consoleProblem(error: unknown, title: string): unknown {
  const known = awsFailure(error, title);
  const isForeseen = known instanceof CommandError || known instanceof LocalStackError;
  return isForeseen ? new ConsoleProblem(known.message, { cause: error }) : error;
}

/**
 * Opens the deployment when it is first used. After a failure it is opened anew: with the credentials of then, and where a
 * local stack that was started again listens.
 *
 * @param readOnly why nothing may be written; undefined where it may
 */
export function currentDeployment(
  options: DeploymentOptions,
  readOnly: string | undefined,
): CurrentDeployment {
  const title = options.stage === undefined ? 'the local stack' : `stage ${options.stage}`;
  let opened:
    | { mark: string; at: number; deployment: Promise<Deployment>; ending: AbortController }
    | undefined;

  const open = async () => {
    const deployment = await openDeployment(options);
    return readOnly === undefined ? deployment : onlyReading(deployment, readOnly);
  };
  const close = () => {
    void opened?.deployment.then(closeDeployment, () => undefined);
    opened?.ending.abort();
    opened = undefined;
  };
  const refresh = async () => {
    const mark = await markOf(options);
    if (opened && opened.mark !== mark) close();
    return mark;
  };
  const current = async () => {
    const mark = await refresh();
    opened ??= { mark, at: performance.now(), deployment: open(), ending: new AbortController() };
    return opened;
  };
  return {
    async use(work) {
      const mine = await current();
      const forget = () => {
        if (opened === mine) opened = undefined;
      };
      try {
        const deployment = await mine.deployment.catch((error: unknown) => {
          forget();
          throw error;
        });
        return await work(deployment, mine.ending.signal);
      } catch (error) {
        const problem = consoleProblem(error, title);
        const isAws = problem instanceof ConsoleProblem && !(error instanceof CommandError);
        // Others may be using its clients, so they are not ended here.
        if (isAws && performance.now() - mine.at > renewMs) forget();
        throw problem;
      }
    },
    async refresh() {
      await refresh();
    },
    close,
  };
}
