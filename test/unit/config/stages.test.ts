import { describe, expect, it } from '@jest/globals';
import { ConfigError, type ConfigInput, defineConfig } from '../../../functions/config/define-config.ts';
import { stageSettings } from '../../../functions/config/stages.ts';
import { mailboxAddress } from '../../../functions/mail/mailbox-address.ts';
import { exampleInput } from '../example-config.ts';

const stagesOf = (stages: unknown, from = 'hello@example.com') =>
  defineConfig(exampleInput({ stages: stages as NonNullable<ConfigInput['stages']>, mail: { from } })).stages;

const defaults = {
  isThrowAway: false,
  throttle: { rate: 500, burst: 1000 },
  maximumConcurrency: 4,
  tracing: false,
  logRetentionDays: 30,
};

describe('the settings of a stage', () => {
  it('need not be given: a stage that is not listed has the defaults', () => {
    expect(stageSettings({}, 'dev')).toEqual(defaults);
    expect(stageSettings(stagesOf({ prod: {} }), 'prod')).toEqual(defaults);
  });

  it('are those of that stage, the rest being defaults', () => {
    const listed = stagesOf({ prod: { throttle: { rate: 5 }, quietHours: 168 } });
    expect(stageSettings(listed, 'prod')).toEqual({
      ...defaults,
      throttle: { rate: 5, burst: 1000 },
      quietHours: 168,
    });
    expect(stageSettings(listed, 'dev')).toEqual(defaults);
  });

  it.each<[place: string, stages: unknown]>([
    ['stages.Prod', { Prod: {} }],
    ['stages.prod', { prod: { colour: 'blue' } }],
    [
      'stages.prod.domain.name',
      { prod: { domain: { name: 'https://example.com', certificateArn: 'arn:aws:acm:a' } } },
    ],
    [
      'stages.prod.domain.certificateArn',
      { prod: { domain: { name: 'a.example.com', certificateArn: 'arn:aws:iam:a' } } },
    ],
    ['stages.prod.throttle.rate', { prod: { throttle: { rate: 0 } } }],
    ['stages.prod.maximumConcurrency', { prod: { maximumConcurrency: 1 } }],
    ['stages.prod.maximumConcurrency', { prod: { maximumConcurrency: 1001 } }],
    ['stages.prod.reservedConcurrency', { prod: { reservedConcurrency: 4 } }],
    ['stages.prod.logRetentionDays', { prod: { logRetentionDays: 31 } }],
    ['stages.prod.alarmEmail', { prod: { alarmEmail: 'nobody' } }],
    ['stages.prod.mailIdentity', { prod: { mailIdentity: { create: true } } }],
    [
      'stages.prod.mailIdentity',
      { prod: { mailIdentity: { domain: 'example.com', address: 'hello@example.com' } } },
    ],
    ['stages.prod.quietHours', { prod: { quietHours: 169 } }],
  ])('%s: %j is a mistake', (place, stages) => {
    expect(() => stagesOf(stages)).toThrow(ConfigError);
    expect(() => stagesOf(stages)).toThrow(new RegExp(`^usher.config.ts has 1 problem.*\\n {2}${place}: `));
  });
});

describe('the mail identity of a stage', () => {
  it.each<[from: string, mailIdentity: object]>([
    ['Example <hello@example.com>', { domain: 'example.com' }],
    ['hello@mail.example.com', { domain: 'example.com' }],
    ['hello@EXAMPLE.com', { domain: 'example.com' }],
    ['hello@bücher.example', { domain: 'xn--bcher-kva.example' }],
    ['Hello@Example.com', { address: 'hello@example.com' }],
  ])('lets %s send by %j', (from, mailIdentity) => {
    expect(() => stagesOf({ prod: { mailIdentity } }, from)).not.toThrow();
  });

  it.each<[from: string, mailIdentity: object]>([
    ['hello@example.org', { domain: 'example.com' }],
    ['hello@badexample.com', { domain: 'example.com' }],
    ['hello@example.com', { domain: 'mail.example.com' }],
    ['hello@example.com', { address: 'other@example.com' }],
  ])('does not let %s send by %j', (from, mailIdentity) => {
    expect(() => stagesOf({ prod: { mailIdentity } }, from)).toThrow(
      /stages\.prod\.mailIdentity: must be the address of mail\.from or its domain/,
    );
  });
});

it.each([
  ['hello@example.com', 'hello@example.com'],
  ['Example Site <hello@example.com>', 'hello@example.com'],
  ['"Site, Example" < hello@example.com >', 'hello@example.com'],
])('the address of %s is %s', (mailbox, address) => {
  expect(mailboxAddress(mailbox)).toBe(address);
});
