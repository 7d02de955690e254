import { describe, expect, it } from '@jest/globals';
import { parseJob } from '../../functions/jobs/job.ts';
import { createKeyRing } from '../../functions/runtime/key-ring.ts';
import { held, planted, thrownBy, told } from './what-errors-tell.ts';

describe('what reads secrets and settings', () => {
  it.each([
    ['no JSON', `${planted.key} ${planted.token}`],
    ['JSON cut short', `{"accessKeys":["${planted.key}"],"apiToken":"${planted.token}`],
    ['a key that is too short', JSON.stringify({ accessKeys: ['planted'], apiToken: planted.token })],
    ['keys as an object', JSON.stringify({ accessKeys: planted, apiToken: planted })],
  ])('a secret that is %s is told by its connection only', async (_name, SecretString) => {
    const problems: unknown[] = [];
    const ring = createKeyRing({
      secrets: { send: () => Promise.resolve({ SecretString }) } as never,
      secretIds: { main: 'arn' },
      now: () => new Date(0),
      onProblem: (connection, error) => problems.push({ connection, told: told(error) }),
    });
    const errors = [
      await thrownBy(() => ring.connectionOf(planted.key)),
      await thrownBy(() => ring.credentials('main')),
    ];
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).not.toContain('planted');
    for (const error of errors) expect(held(error)).not.toContain('planted');
  });

  it.each([
    ['no JSON', planted.value],
    ['cut short', JSON.stringify({ kind: 'webhook', email: planted.address }).slice(0, -1)],
    ['of another shape', JSON.stringify({ kind: planted.key, ...planted })],
    ['without an id', JSON.stringify({ kind: 'webhook', action: planted.value, email: planted.address })],
  ])('a job that is %s', async (_name, body) => {
    const error = await thrownBy(() => parseJob(body));
    expect(told(error)).not.toContain('planted');
  });
});
