import { describe, expect, it } from '@jest/globals';
import { startInvocation } from '../../functions/runtime/invocation.ts';
import { lineFields } from '../../functions/runtime/log.ts';
import { savedQueries } from '../../lib/stack/saved-queries.ts';
import { synthesise } from './synthesise.ts';

const call = {
  ...startInvocation(60_000),
  ms: { key: 1, store: 1, crm: 1, queue: 1, ses: 1, total: 1 },
};

/** Every field a line can have. */
const line = lineFields({
  kind: 'webhook',
  action: 'add',
  connection: 'encharge',
  result: 'created',
  status: 200,
  contactId: '1',
  userId: 'u',
  errorCode: 'unavailable',
  deferredBy: 'crm_unavailable',
  warnings: ['role_unknown'],
  jobs: 1,
  jobId: 'j',
  attempt: 1,
  requestId: 'r',
  error: { name: 'Error', code: 'ECONNRESET', frames: ['at'], cause: { name: 'Error' } },
  invocation: call,
});

/** What Logs Insights discovers in JSON: paths with dots, elements of lists by number. */
function paths(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null) return [prefix];
  return Object.entries(value).flatMap(([key, inner]) =>
    paths(inner, prefix === '' ? key : `${prefix}.${key}`),
  );
}

const words =
  /^(filter|fields|stats|sort|limit|by|as|and|or|in|asc|desc|count|count_distinct|latest|max|sum|avg|pct|bin|ispresent|strcontains|[\d.]+[hd]?)$/;
/** Added by Powertools and by Lambda. */
const others = ['@timestamp', 'level', 'message', 'type', 'service'];
const ofPlatform = /^record\.metrics\.(initDurationMs|maxMemoryUsedMB|billedDurationMs)$/;

const unknownFields = (text: string) => {
  const code = text.replace(/^#.*$/gm, '').replace(/"[^"]*"/g, '');
  const aliases = [...code.matchAll(/ as (\w+)/g)].map(([, alias]) => alias);
  const known = new Set([...paths(line), ...others, ...aliases]);
  return [...code.matchAll(/@?\b[a-z_][\w.]*/gi)]
    .map(([name]) => name)
    .filter((name) => !words.test(name) && !known.has(name) && !ofPlatform.test(name));
};

describe('the saved queries', () => {
  it('are at least ten, each with a name of its own', () => {
    const names = savedQueries.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(10);
  });

  it.each(savedQueries.map(({ name, text }) => [name, text]))(
    '"%s" asks only for fields that a line has',
    (_name, text) => {
      expect(unknownFields(text ?? '')).toEqual([]);
    },
  );

  it.each(savedQueries.map(({ name, text }) => [name, text]))(
    '"%s" leaves out the lines of metrics',
    (_name, text = '') => {
      const [, filter = ''] = /^filter ([^|]*)/m.exec(text) ?? [];
      const fields = filter.replace(/"[^"]*"/g, '').match(/[a-z_][\w.]*/g) ?? [];
      const ofMetrics = ['action', 'connection', 'result', 'service'];
      expect(fields.filter((field) => !words.test(field) && !ofMetrics.includes(field))).not.toEqual([]);
    },
  );

  it('would be caught asking for others', () => {
    expect(unknownFields('filter contact = "1" | stats count(*) by ms.cpu')).toEqual(['contact', 'ms.cpu']);
  });

  it('stand in a folder of their stage, over the log of the function', () => {
    const { ofType, json } = synthesise();
    const log = json.Outputs['LogGroupName']?.Value;
    expect(ofType('AWS::Logs::QueryDefinition').map(({ Properties }) => Properties)).toEqual(
      savedQueries.map(({ name, text }) => ({
        Name: `Usher-dev/${name}`,
        QueryString: text,
        LogGroupNames: [log],
      })),
    );
  });
});

describe('the dashboard', () => {
  const { single } = synthesise();
  const body = JSON.stringify(single('AWS::CloudWatch::Dashboard').Properties['DashboardBody']);

  it.each([
    ['webhooks by result', 'SUM(SEARCH('],
    ['latency by step', 'pct(ms.crm, 99)'],
    ['CRM latency', 'CrmLatency'],
    ['CRM errors', 'CrmUnavailable'],
    ['queue depth', 'ApproximateNumberOfMessagesVisible'],
    ['queue age', 'ApproximateAgeOfOldestMessage'],
    ['mails', 'ses:configuration-set'],
    ['API errors', '5xx'],
    ['GB-seconds', 'milliseconds / 1000 * 1'],
    ['units of the table', 'ConsumedWriteCapacityUnits'],
    ['bytes of log', 'IncomingBytes'],
  ])('shows %s', (_what, text) => {
    expect(body).toContain(text);
  });

  it('searches for results with the dimensions that the function writes', () => {
    expect(body).toContain('{\\\\\\"Usher/dev\\\\\\",service,action,connection,result} MetricName=');
  });
});
