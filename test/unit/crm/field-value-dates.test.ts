import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { type Converted, convert } from '../../../functions/crm/field-value.ts';

type Case = [given: unknown, converted: Converted];

describe('date', () => {
  it.each<Case>([
    ['1918-08-26', { value: '1918-08-26' }],
    [' 1918-08-26 ', { value: '1918-08-26' }],
    ['2024-02-29', { value: '2024-02-29' }],
    ['1918-08-26T00:00:00', { value: '1918-08-26' }],
    ['1918-08-26T23:30:00-11:00', { value: '1918-08-26' }],
    ['1918-08-26T00:30:00+13:00', { value: '1918-08-26' }],
    ['1918-08-26 10:15', { value: '1918-08-26' }],
    ['19180826', { value: '1918-08-26' }],
    ['19180826T233000-1100', { value: '1918-08-26' }],
    ['1918-08-26 23:30:00-11', { value: '1918-08-26' }],
    ['2023-02-29', 'invalid'],
    ['2026-02-30', 'invalid'],
    ['2026-04-31', 'invalid'],
    ['2026-13-01', 'invalid'],
    ['2026-00-10', 'invalid'],
    ['2026-1-5', 'invalid'],
    ['2026-02-30T10:00:00Z', 'invalid'],
    ['26.08.1918', 'invalid'],
    ['08/26/1918', 'invalid'],
    ['August 26, 1918', 'invalid'],
    ['2026-0826', 'invalid'],
    ['202608-26', 'invalid'],
    ['20260230', 'invalid'],
    ['2026-08-26T25:00', 'invalid'],
    ['2026-08-26T10:00+24:00', 'invalid'],
    [1772000000, 'invalid'],
    [true, 'invalid'],
    [{ date: '1918-08-26' }, 'invalid'],
  ])('%j → %j', (given, converted) => {
    expect(convert(given, 'date')).toEqual(converted);
  });
});

describe('datetime', () => {
  it.each<Case>([
    ['2026-03-14T15:09:26.535Z', { value: '2026-03-14T15:09:26.535Z' }],
    ['2026-03-14T15:09:26.535000Z', { value: '2026-03-14T15:09:26.535Z' }],
    ['2026-03-14T15:09:26.535897932Z', { value: '2026-03-14T15:09:26.535Z' }],
    ['2026-03-14T15:09:26.5Z', { value: '2026-03-14T15:09:26.500Z' }],
    ['2026-03-14T15:09:26,535Z', { value: '2026-03-14T15:09:26.535Z' }],
    ['2026-03-14T15:09:26Z', { value: '2026-03-14T15:09:26.000Z' }],
    ['2026-03-14t15:09:26z', { value: '2026-03-14T15:09:26.000Z' }],
    ['2026-03-14T15:09:26', { value: '2026-03-14T15:09:26.000Z' }],
    ['2026-03-14T15:09', { value: '2026-03-14T15:09:00.000Z' }],
    ['2026-03-14 15:09:26', { value: '2026-03-14T15:09:26.000Z' }],
    ['2026-03-14', { value: '2026-03-14T00:00:00.000Z' }],
    [' 2026-03-14T15:09:26Z\n', { value: '2026-03-14T15:09:26.000Z' }],
    ['2026-03-14T15:09:26+02:00', { value: '2026-03-14T13:09:26.000Z' }],
    ['2026-03-14T15:09:26+0200', { value: '2026-03-14T13:09:26.000Z' }],
    ['2026-03-14 15:09:26.123456 -05:30', { value: '2026-03-14T20:39:26.123Z' }],
    ['2026-03-14T00:30:00+01:00', { value: '2026-03-13T23:30:00.000Z' }],
    ['2026-03-14 15:09:26+02', { value: '2026-03-14T13:09:26.000Z' }],
    ['2026-03-14 15:09:26.535897-09', { value: '2026-03-15T00:09:26.535Z' }],
    ['2026-03-14 15:09:26+05:30:15', { value: '2026-03-14T09:39:11.000Z' }],
    ['2026-03-14 15:09:26 +0200', { value: '2026-03-14T13:09:26.000Z' }],
    ['2026-03-14 15:09:26 UTC', { value: '2026-03-14T15:09:26.000Z' }],
    ['2026-03-14 15:09 gmt', { value: '2026-03-14T15:09:00.000Z' }],
    ['2026-03-14T15:09:26\u221202:00', { value: '2026-03-14T17:09:26.000Z' }],
    ['2026-03-14T15:09:26.5358979+01:00[Europe/Paris]', { value: '2026-03-14T14:09:26.535Z' }],
    ['2026-03-14T15:09:26Z[UTC]', { value: '2026-03-14T15:09:26.000Z' }],
    ['20260314T150926Z', { value: '2026-03-14T15:09:26.000Z' }],
    ['20260314T150926.535+0200', { value: '2026-03-14T13:09:26.535Z' }],
    ['20260314T1509', { value: '2026-03-14T15:09:00.000Z' }],
    ['20260314', { value: '2026-03-14T00:00:00.000Z' }],
    ['2026-03-14T15', { value: '2026-03-14T15:00:00.000Z' }],
    ['2026-03-14T15:09:26.5358979323846Z', { value: '2026-03-14T15:09:26.535Z' }],
    ['2026-03-14T24:00', { value: '2026-03-15T00:00:00.000Z' }],
    ['2026-12-31T23:59:60Z', { value: '2027-01-01T00:00:00.000Z' }],
    ['0001-01-01T00:00:00Z', { value: '0001-01-01T00:00:00.000Z' }],
    ['0000-01-01T00:00:00+01:00', 'invalid'],
    ['9999-12-31T23:59:59-01:00', 'invalid'],
    ['2026-03-14T24:00:01Z', 'invalid'],
    ['2026-03-14T15:09:26+24:00', 'invalid'],
    ['2026-03-14T15:09:26+02:60', 'invalid'],
    ['2026-03-14T15:09[Europe/Paris]', 'invalid'],
    ['2026-03-14Z', 'invalid'],
    ['20260314150926', 'invalid'],
    ['2026-03-14T15:09:26.Z', 'invalid'],
    ['2026-02-30T15:09:26Z', 'invalid'],
    ['2026-02-30', 'invalid'],
    ['2026-03-14T25:00:00Z', 'invalid'],
    ['2026-03-14T15:61:00Z', 'invalid'],
    ['2026-03-14T15:09:61Z', 'invalid'],
    ['2026-03-14T15:09:26+25:00', 'invalid'],
    ['2026-03-14T15:09:26 CET', 'invalid'],
    ['yesterday', 'invalid'],
    ['1772000000', 'invalid'],
    [1772000000, 'invalid'],
    [null, 'empty'],
    [['2026-03-14T15:09:26Z'], 'invalid'],
  ])('%j → %j', (given, converted) => {
    expect(convert(given, 'datetime')).toEqual(converted);
  });
});

it.each(['America/St_Johns', 'Asia/Kolkata'])('a machine in %s reads dates without a zone alike', (zone) => {
  const given = [
    ['2026-03-14T23:30', 'datetime'],
    ['2026-03-14', 'datetime'],
    ['2026-03-14T00:30', 'date'],
  ] as const;
  const converted = given.map(([value, type]) => convert(value, type));
  expect(converted).toEqual([
    { value: '2026-03-14T23:30:00.000Z' },
    { value: '2026-03-14T00:00:00.000Z' },
    { value: '2026-03-14' },
  ]);
  const module = new URL('../../../functions/crm/field-value.ts', import.meta.url).href;
  const script = `import { convert } from ${JSON.stringify(module)};
    const given = ${JSON.stringify(given)};
    console.log(JSON.stringify(given.map(([value, type]) => convert(value, type))));`;
  const there = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, TZ: zone },
    encoding: 'utf8',
  });
  expect(JSON.parse(there)).toEqual(converted);
});
