import { describe, expect, it } from '@jest/globals';
import { filterPattern, logFilter, matches } from '../../../lib/commands/support/log-filter.ts';
import { matchesPattern } from '../../support/fake-logs.ts';

const line = {
  level: 'INFO',
  message: 'webhook',
  contact_id: '7',
  user_id: 'u1',
  request_id: 'r"1"',
  result: 'created',
  connection: 'encharge',
};

describe('a log filter', () => {
  it.each<[name: string, filter: ReturnType<typeof logFilter>, isWanted: boolean]>([
    ['nothing', logFilter({}, []), true],
    ['its contact', logFilter({}, ['7']), true],
    ['its contact, in one of two spellings', logFilter({}, ['seven', '7']), true],
    ['another contact', logFilter({}, ['77']), false],
    ['its user', logFilter({ user: 'u1' }, []), true],
    ['any text for a user', logFilter({ user: '*' }, []), false],
    ['its request, with quotes in it', logFilter({ request: 'r"1"' }, []), true],
    ['what would end the pattern', logFilter({ result: 'created") || ($.level = "INFO' }, []), false],
    ['its result and connection', logFilter({ result: 'created', connection: 'encharge' }, []), true],
    ['its result, another connection', logFilter({ result: 'created', connection: 'userengage' }, []), false],
  ])('for %s: is the same here and at CloudWatch', (_name, filter, isWanted) => {
    expect(matches(line, filter)).toBe(isWanted);
    // There an asterisk stands for any text, which may only bring too much.
    const isFound = matchesPattern(filterPattern(filter), JSON.stringify(line));
    expect(isFound || !isWanted).toBe(true);
    expect(isFound && matches(line, filter)).toBe(isWanted);
  });

  it('spells out what CloudWatch is asked', () => {
    expect(filterPattern(logFilter({ result: 'failed' }, ['7', 'ada@example.com']))).toBe(
      '{ ($.level = "*") && (($.contact_id = "7") || ($.contact_id = "sha256:7902699be42c8a8e") || ($.contact_id = "sha256:b5fc85e55755f9e0")) && ($.result = "failed") }',
    );
  });

  it('leaves out at CloudWatch what is no line of the logger', () => {
    const pattern = filterPattern(logFilter({ connection: 'encharge' }, []));
    const { level: _, ...metrics } = line;
    expect(matchesPattern(pattern, JSON.stringify({ ...metrics, _aws: {} }))).toBe(false);
  });
});
