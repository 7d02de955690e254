import type { Config } from '../../functions/config/config.ts';

/** What names a stack: the stage, and the site where several of them share an account. */
export interface StackOwner {
  stage: string;
  app: string | undefined;
}

const withApp = ({ stage, app }: StackOwner) => (app === undefined ? [stage] : [app, stage]);

/** Name of the CloudFormation stack of a stage. Without `app` it is that of the first versions, which knew none. */
export const stackName = (owner: StackOwner): string => ['Usher', ...withApp(owner)].join('-');

/** Namespace of a stage's metrics. */
export const metricsNamespace = (owner: StackOwner): string => ['Usher', ...withApp(owner)].join('/');

/** Log group of a stage's API. Under this prefix API Gateway needs no policy of its own, of which an account has few. */
export const accessLogName = (owner: StackOwner): string =>
  ['/aws/vendedlogs/usher', ...withApp(owner), 'access'].join('/');

/** What a site is told apart by from others whose stacks could have the same name. */
export const siteHost = ({ site }: Pick<Config, 'site'>): string => new URL(site.url).host;
