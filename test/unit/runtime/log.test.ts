import { describe, expect, it } from '@jest/globals';
import { startInvocation } from '../../../functions/runtime/invocation.ts';
import { createLog, type Line, type Log, lineFields } from '../../../functions/runtime/log.ts';
import { captureOutput } from '../../support/capture-output.ts';

function line(change: Partial<Line> = {}): Line {
  return {
    kind: 'webhook',
    action: 'add',
    connection: 'encharge',
    result: 'created',
    requestId: 'r1',
    invocation: startInvocation(60_000),
    ...change,
  };
}

describe('the fields of a line', () => {
  it('are those that are known', () => {
    const { invocation, ...known } = line();
    expect(lineFields({ ...known, invocation: invocation })).toEqual({
      action: 'add',
      connection: 'encharge',
      result: 'created',
      ms: {},
      crm_calls: 0,
      request_id: 'r1',
    });
  });

  it('are all of them', () => {
    const call = { ...startInvocation(60_000), ms: { crm: 3, total: 5 }, crmCalls: 2 };
    expect(
      lineFields(
        line({
          status: 202,
          contactId: 'ada@example.com',
          userId: 'u1',
          errorCode: 'unavailable',
          deferredBy: 'crm_unavailable',
          warnings: ['role_unknown'],
          jobs: 1,
          jobId: 'j1',
          attempt: 3,
          error: { name: 'Error' },
          invocation: call,
        }),
      ),
    ).toEqual({
      action: 'add',
      connection: 'encharge',
      contact_id: 'sha256:b5fc85e55755f9e0',
      user_id: 'u1',
      result: 'created',
      status: 202,
      error_code: 'unavailable',
      deferred_by: 'crm_unavailable',
      warnings: ['role_unknown'],
      jobs: 1,
      job_id: 'j1',
      attempt: 3,
      ms: { crm: 3, total: 5 },
      crm_calls: 2,
      request_id: 'r1',
      error: { name: 'Error' },
    });
  });

  it('hold no empty list of warnings', () => {
    expect(lineFields(line({ warnings: [] }))).not.toHaveProperty('warnings');
  });
});

/** What the real log writes to the streams that Lambda collects. */
function written(work: (log: Log) => void): Record<string, unknown>[] {
  const endCapture = captureOutput();
  try {
    work(createLog('Test'));
  } finally {
    endCapture();
  }
  const lines = endCapture().trim().split('\n');
  return lines.map((text) => JSON.parse(text) as Record<string, unknown>);
}

const isMetrics = (entry: object) => '_aws' in entry;
const recorded = (change: Partial<Line>) => written((log) => log.record(line(change)));
const metricsOf = (change: Partial<Line>) => recorded(change).find(isMetrics) ?? {};

describe('the log of the function', () => {
  it('has one line for a webhook', () => {
    const entries = recorded({ status: 200 }).filter((entry) => !isMetrics(entry));
    expect(entries).toMatchObject([
      { level: 'INFO', message: 'webhook', service: 'usher', action: 'add', status: 200 },
    ]);
  });

  it('has metrics of a webhook in all and per connection, and counts it by action and result', () => {
    const call = { ...startInvocation(60_000), ms: { crm: 3, total: 5 }, crmCalls: 2 };
    expect(recorded({ status: 200, invocation: call }).filter(isMetrics)).toMatchObject([
      {
        service: 'usher',
        connection: 'encharge',
        Webhooks: 1,
        Latency: 5,
        CrmCalls: 2,
        CrmLatency: 3,
        _aws: {
          CloudWatchMetrics: [
            {
              Namespace: 'Test',
              Dimensions: [['service'], ['service', 'connection']],
              Metrics: [
                { Name: 'Webhooks', Unit: 'Count' },
                { Name: 'Latency', Unit: 'Milliseconds' },
                { Name: 'CrmCalls', Unit: 'Count' },
                { Name: 'CrmLatency', Unit: 'Milliseconds' },
              ],
            },
          ],
        },
      },
      {
        service: 'usher',
        action: 'add',
        connection: 'encharge',
        result: 'created',
        Webhooks: 1,
        _aws: {
          CloudWatchMetrics: [
            {
              Namespace: 'Test',
              Dimensions: [['service', 'action', 'connection', 'result']],
              Metrics: [{ Name: 'Webhooks', Unit: 'Count' }],
            },
          ],
        },
      },
    ]);
  });

  it.each<[result: string, attempt: number, age: number | undefined]>([
    ['failed', 2, 90],
    ['waiting', 2, 90],
    ['waiting', 1, undefined],
    ['given_up', 2, undefined],
    ['failed', 1, undefined],
    ['refused', 2, undefined],
    ['updated', 2, undefined],
  ])('says how old a job is that has failed more than once: %s, try %i', (result, attempt, age) => {
    const metrics = metricsOf({ kind: 'job', result, attempt, ageSeconds: 90 });
    expect('JobAge' in metrics ? metrics.JobAge : undefined).toBe(age);
    expect(recorded({ kind: 'job', result, ageSeconds: 90 })).toContainEqual(
      expect.objectContaining({ age_s: 90 }),
    );
  });

  it('wakes nobody for the age of a job that only waits for its turn at a limit', () => {
    const waiting: Partial<Line> = { kind: 'job', result: 'waiting', attempt: 2, ageSeconds: 90 };
    for (const errorCode of ['crm_rate_limited', 'effect_not_due'])
      expect(metricsOf({ ...waiting, errorCode })).not.toHaveProperty('JobAge');
    expect(metricsOf({ ...waiting, errorCode: 'crm_unavailable' })).toMatchObject({ JobAge: 90 });
  });

  it('counts calls that were not timed', () => {
    const call = { ...startInvocation(60_000), crmCalls: 1 };
    expect(metricsOf({ invocation: call })).toMatchObject({ Latency: 0, CrmCalls: 1, CrmLatency: 0 });
  });

  it('does not mix the metrics of two lines', () => {
    const metrics = written((log) => {
      log.record(line({ connection: 'encharge' }));
      log.record(line({ connection: 'userengage', kind: 'job' }));
    }).filter(isMetrics);
    expect(metrics).toMatchObject([
      { connection: 'encharge', Webhooks: 1 },
      { connection: 'encharge', Webhooks: 1 },
      { connection: 'userengage', Jobs: 1 },
      { connection: 'userengage', Jobs: 1 },
    ]);
    for (const entry of metrics.slice(2)) expect(entry).not.toHaveProperty('Webhooks');
    expect(metrics[0]).not.toHaveProperty('CrmCalls');
  });

  it.each<[change: Partial<Line>, level: string]>([
    [{ result: 'created' }, 'INFO'],
    [{ result: 'queued', deferredBy: 'crm_unavailable' }, 'INFO'],
    [{ result: 'refused', errorCode: 'invalid_access_key' }, 'INFO'],
    [{ result: 'failed', errorCode: 'crm_unavailable' }, 'WARN'],
    [{ result: 'waiting', errorCode: 'crm_rate_limited' }, 'INFO'],
    [{ result: 'waiting', errorCode: 'crm_credentials_rejected' }, 'INFO'],
    [{ result: 'given_up', errorCode: 'crm_contact_refused' }, 'WARN'],
    [{ result: 'given_up', errorCode: 'internal_error' }, 'ERROR'],
    [{ result: 'queued', errorCode: 'crm_credentials_rejected' }, 'WARN'],
    [{ result: 'failed', errorCode: 'internal_error' }, 'ERROR'],
  ])('%j has level %s', (change, level) => {
    expect(recorded(change).find((entry) => !isMetrics(entry))).toMatchObject({ level });
  });

  it.each<[change: Partial<Line>, metric: string]>([
    [{ errorCode: 'invalid_access_key' }, 'InvalidAccessKeys'],
    [{ deferredBy: 'crm_rate_limited' }, 'CrmUnavailable'],
    [{ deferredBy: 'crm_unavailable' }, 'CrmUnavailable'],
    [{ errorCode: 'crm_rate_limited' }, 'CrmUnavailable'],
    [{ errorCode: 'crm_answer_invalid' }, 'CrmAnswerInvalid'],
  ])('%j counts as %s', (change, metric) => {
    expect(metricsOf(change)).toMatchObject({ [metric]: 1 });
    const alarms = ['InvalidAccessKeys', 'CrmCredentialsRejected', 'CrmUnavailable', 'CrmAnswerInvalid'];
    expect(Object.keys(metricsOf(change)).filter((name) => alarms.includes(name))).toEqual([metric]);
  });

  it.each([
    ['rejected', 1, 'WARN'],
    ['incomplete', 1, 'WARN'],
    ['accepted', 0, 'INFO'],
  ] as const)('tells the alarm when the token is %s, and only then', (access, value, level) => {
    const call = { ...startInvocation(60_000), access };
    expect(recorded({ invocation: call })[0]).toMatchObject({ crm_access: access, level });
    expect(metricsOf({ invocation: call })).toMatchObject({ CrmCredentialsRejected: value });
    expect(metricsOf({ errorCode: 'crm_credentials_rejected' })).not.toHaveProperty('CrmCredentialsRejected');
  });

  it('does not count a webhook as failed by the CRM that waits for a new token', () => {
    const invocation = { ...startInvocation(60_000), heldFor: 'crm_credentials_rejected' as const };
    const change = { deferredBy: 'crm_credentials_rejected', invocation };
    expect(metricsOf(change)).not.toHaveProperty('CrmUnavailable');
    expect(recorded(change)[0]).toMatchObject({ held_for: 'crm_credentials_rejected' });
  });

  it('has no metrics for a problem', () => {
    const entries = written((log) => log.problem('secret unreadable', { connection: 'encharge' }));
    expect(entries).toMatchObject([{ level: 'ERROR', message: 'secret unreadable', connection: 'encharge' }]);
  });
});
