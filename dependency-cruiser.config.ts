import type { IConfiguration, IRegularForbiddenRuleType } from 'dependency-cruiser';

/** These files may import only what is allowed, of all the project's own. */
const only = (name: string, from: string, allowed: string): IRegularForbiddenRuleType => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^(functions|lib|bin|test|usher\\.config)', pathNot: allowed },
});

/**
 * Who may import what. A data item walks through the folders in one direction, from left to right:
 *
 *     index → create-handler → webhook, worker → runtime → actions → pace → crm
 *                              site → runtime, users, jobs, mail
 *                              worker → effects → crm, users, mail    actions → crm, users, jobs
 *
 * Everybody reads the configuration, which checks what crm and mail define. lib and bin stand outside the function.
 */
export const importRules: IConfiguration = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'function-uses-runtime-dependencies-only',
      comment: 'What the Lambda imports stands under "dependencies".',
      severity: 'error',
      from: { path: '^functions' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'],
        pathNot: 'types',
      },
    },
    {
      name: 'function-reads-with-zod-mini',
      comment:
        'zod with methods is 60 kB more, and 10 ms of every cold start. Only what is checked at build time has it.',
      severity: 'error',
      from: { path: '^functions/(?!config/)' },
      to: { path: '^node_modules/zod/(?!mini/)' },
    },
    only('foundations-know-nobody', '^functions/(errors|random|read-stream)\\.ts$', '^$'),
    only('crm-knows-foundations-only', '^functions/crm/', '^functions/(crm/|errors\\.ts|read-stream\\.ts)'),
    only('mail-knows-foundations-only', '^functions/mail/', '^functions/(mail/|errors\\.ts)'),
    only(
      'users-know-values-and-addresses-only',
      '^functions/users/',
      '^functions/(users/|errors\\.ts|random\\.ts|crm/field-value\\.ts|mail/(email-address|mailable)\\.ts)',
    ),
    only('config-checks-what-others-define', '^functions/config/', '^functions/(config/|crm/|mail/)'),
    only('jobs-know-foundations-only', '^functions/jobs/', '^functions/(jobs/|errors\\.ts|random\\.ts)'),
    only(
      'actions-know-ports',
      '^functions/actions/',
      '^functions/(actions/|config/|crm/|jobs/|mail/|users/|errors\\.ts|random\\.ts)',
    ),
    only(
      'effects-know-ports',
      '^functions/effects/',
      '^functions/(effects/|config/|crm/|jobs/job\\.ts|mail/|users/|errors\\.ts|random\\.ts)',
    ),
    only(
      'pace-knows-crm-errors-and-the-table',
      '^functions/pace/',
      '^functions/(pace/|crm/(crm-errors|crm-pace)\\.ts|users/(items|user-table)\\.ts|errors\\.ts|random\\.ts)',
    ),
    only(
      'runtime-knows-no-event',
      '^functions/runtime/',
      '^functions/(runtime|actions|config|crm|jobs|pace|users|errors\\.ts|random\\.ts|read-stream\\.ts)',
    ),
    only(
      'webhook-is-http-alone',
      '^functions/webhook/',
      '^functions/(?!worker/|effects/|site/|create-handler|index)',
    ),
    only(
      'site-is-http-alone',
      '^functions/site/',
      '^functions/(?!worker/|effects/|webhook/|create-handler|index)',
    ),
    only('worker-answers-nobody', '^functions/worker/', '^functions/(?!webhook/|site/|create-handler|index)'),
    only('function-never-knows-the-local-stack', '^functions/', '^(functions/|usher\\.config\\.ts)'),
    {
      name: 'only-their-list-knows-the-descriptions-of-crms',
      severity: 'error',
      from: { path: '^(functions|lib|bin)', pathNot: '^lib/sandbox/crms\\.ts$' },
      to: { path: '^lib/sandbox/crms/' },
    },
    {
      name: 'only-the-entry-imports-the-configuration',
      severity: 'error',
      from: { path: '^functions', pathNot: '^functions/index\\.ts$' },
      to: { path: '^usher\\.config\\.ts$' },
    },
    {
      name: 'tests-are-not-imported',
      severity: 'error',
      from: { path: '^(functions|lib|bin)' },
      to: { path: '^test' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
