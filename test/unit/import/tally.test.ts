import { expect, it } from '@jest/globals';
import { Tally } from '../../../lib/import/tally.ts';

const line = (job_id: string, result: string, more: object = {}) => ({
  message: 'job',
  job_id,
  result,
  ...more,
});

it('counts the last line of each job, by result and error code', () => {
  const tally = new Tally();
  tally.note(line('1', 'retried', { error_code: 'crm_rate_limited' }), 1);
  tally.note(line('1', 'created'), 2);
  tally.note(line('2', 'refused', { error_code: 'email_missing' }), 3);
  tally.note(line('3', 'refused', { error_code: 'email_in_use' }), 4);
  tally.note(line('4', 'given_up', { error_code: 'crm_unavailable' }), 5);
  expect(tally.counts()).toEqual({
    created: 1,
    'refused (email_missing)': 1,
    'refused (email_in_use)': 1,
    'given_up (crm_unavailable)': 1,
  });
  expect([tally.done, tally.count('refused'), tally.count('created'), tally.count('ref')]).toEqual([
    4, 2, 1, 0,
  ]);
  expect(tally.of('2')).toEqual({ result: 'refused', code: 'email_missing' });
  expect(tally.of('5')).toBeUndefined();
});

it('counts a job that was sent twice by what it did first, and one that was refused by what it did last', () => {
  const tally = new Tally();
  for (const result of ['created', 'unchanged', 'updated']) tally.note(line('1', result), 1);
  tally.note(line('2', 'given_up', { error_code: 'crm_unavailable' }), 1);
  tally.note(line('2', 'unchanged'), 1);
  tally.note(line('2', 'updated'), 1);
  expect(tally.counts()).toEqual({ created: 1, updated: 1 });
  expect(tally.done).toBe(2);
});

it('counts a job that was given up and replayed as the one that it was', () => {
  const tally = new Tally();
  tally.note(line('1', 'given_up', { error_code: 'crm_unavailable' }), 1);
  tally.note(line('of the dead letter', 'created', { first_job_id: '1' }), 2);
  expect(tally.counts()).toEqual({ created: 1 });
  expect([tally.done, tally.of('1')?.result]).toEqual([1, 'created']);
});

it.each([
  ['another kind of line', { message: 'webhook' }],
  ['the effects of its user', { action: 'effects' }],
  ['a job without an id', { job_id: undefined }],
])('has nothing to say of %s', (_name, more) => {
  const tally = new Tally();
  tally.note({ ...line('1', 'created'), ...more }, 7);
  expect([tally.done, tally.newsAt]).toEqual([0, 0]);
});

it('takes any line of a job for news', () => {
  const tally = new Tally();
  tally.note(line('1', 'retried'), 7);
  expect([tally.done, tally.newsAt]).toEqual([0, 7]);
});
