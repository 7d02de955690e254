import { describe, expect, it } from '@jest/globals';
import { fieldTypes } from '../../../functions/crm/connector.ts';
import { type Converted, convert } from '../../../functions/crm/field-value.ts';

type Case = [given: unknown, converted: Converted];

const nested = (levels: number, value: unknown = 'x'): unknown =>
  Array.from({ length: levels }).reduce<unknown>((inner) => [inner], value);

describe('an empty value is empty for every type', () => {
  const empty = [null, undefined, '', '   ', '\n\t', [], [null], ['', ' '], [[], [null]]];
  it.each(fieldTypes.flatMap((type) => empty.map((value) => [type, value] as const)))(
    '%s: %j',
    (type, value) => {
      expect(convert(value, type)).toBe('empty');
    },
  );

  it.each([
    ['checkbox', false, { value: false }],
    ['number', 0, { value: 0 }],
    ['integer', '0', { value: 0 }],
    ['text', false, { value: 'false' }],
    ['raw', {}, { value: {} }],
  ] as const)('%s: %j is not empty', (type, value, converted) => {
    expect(convert(value, type)).toEqual(converted);
  });
});

describe('text', () => {
  it.each<Case>([
    ['Ada', { value: 'Ada' }],
    ['  Ada Lovelace\n', { value: 'Ada Lovelace' }],
    ['two\nlines', { value: 'two\nlines' }],
    [0, { value: '0' }],
    [12.5, { value: '12.5' }],
    [true, { value: 'true' }],
    ['Zoë 👩‍👩‍👧‍👦', { value: 'Zoë 👩‍👩‍👧‍👦' }],
    ['half \uD83D a pair', { value: 'half \uFFFD a pair' }],
    [['red', ' green ', '', 3], { value: 'red, green, 3' }],
    [{ a: 1 }, 'invalid'],
    [['red', null], 'invalid'],
    [['red', { a: 1 }], 'invalid'],
    [Number.NaN, 'invalid'],
    [Number.POSITIVE_INFINITY, 'invalid'],
  ])('%j → %j', (given, converted) => {
    expect(convert(given, 'text')).toEqual(converted);
  });
});

describe('number', () => {
  it.each<Case>([
    [98.6, { value: 98.6 }],
    ['98.6', { value: 98.6 }],
    [' 42 ', { value: 42 }],
    ['+7', { value: 7 }],
    ['-7.25', { value: -7.25 }],
    ['.5', { value: 0.5 }],
    ['5.', { value: 5 }],
    ['1e3', { value: 1000 }],
    ['1E-2', { value: 0.01 }],
    ['-0', { value: 0 }],
    [-0, { value: 0 }],
    [9007199254740991, { value: 9007199254740991 }],
    ['1e-130', 'invalid'],
    [1e-130, 'invalid'],
    ['1e-99', { value: 1e-99 }],
    ['', 'empty'],
    ['1,5', 'invalid'],
    ['1.234,56', 'invalid'],
    ['1 000', 'invalid'],
    ['0x10', 'invalid'],
    ['12 EUR', 'invalid'],
    ['NaN', 'invalid'],
    ['Infinity', 'invalid'],
    ['.', 'invalid'],
    ['1e999', 'invalid'],
    [true, 'invalid'],
    [['1'], 'invalid'],
    [{}, 'invalid'],
  ])('%j → %j', (given, converted) => {
    expect(convert(given, 'number')).toEqual(converted);
  });

  it.each([['1e20'], [1e20], [-1e20], ['9007199254740992'], ['9'.repeat(400)], [Number.MAX_VALUE], [5e-324]])(
    '%j is more than the table can hold',
    (given) => {
      expect(convert(given, 'number')).toBe('invalid');
    },
  );
});

describe('integer', () => {
  it.each<Case>([
    [42, { value: 42 }],
    ['42', { value: 42 }],
    ['42.0', { value: 42 }],
    ['-3', { value: -3 }],
    ['1e2', { value: 100 }],
    [9007199254740991, { value: 9007199254740991 }],
    ['9007199254740993', 'invalid'],
    [42.5, 'invalid'],
    ['42.5', 'invalid'],
    [false, 'invalid'],
    ['many', 'invalid'],
  ])('%j → %j', (given, converted) => {
    expect(convert(given, 'integer')).toEqual(converted);
  });
});

describe('checkbox', () => {
  const isTrue = [true, 'true', 'TRUE', 1, '1', 'yes', 'Yes', 'on', 'y', 't', ' true '];
  const isFalse = [false, 'false', 'False', 0, '0', 'no', 'NO', 'off', 'n', 'f'];
  const neither = ['maybe', 2, '2', '-1', 'truee', 'null', ['true'], { checked: true }, Number.NaN];

  it.each(isTrue)('%j is true', (given) => {
    expect(convert(given, 'checkbox')).toEqual({ value: true });
  });
  it.each(isFalse)('%j is false', (given) => {
    expect(convert(given, 'checkbox')).toEqual({ value: false });
  });
  it.each(neither)('%j is neither', (given) => {
    expect(convert(given, 'checkbox')).toBe('invalid');
  });
});

describe('date', () => {
  it.each<Case>([
    ['1918-08-26', { value: '1918-08-26' }],
    [' 1918-08-26 ', { value: '1918-08-26' }],
    ['2024-02-29', { value: '2024-02-29' }],
    ['1918-08-26T00:00:00', { value: '1918-08-26' }],
    ['1918-08-26T23:30:00-11:00', { value: '1918-08-26' }],
    ['1918-08-26T00:30:00+13:00', { value: '1918-08-26' }],
    ['1918-08-26 10:15', { value: '1918-08-26' }],
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
    ['20260826', 'invalid'],
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
    ['2026-03-14T15:09:26+02:00', { value: '2026-03-14T13:09:26.000Z' }],
    ['2026-03-14T15:09:26+0200', { value: '2026-03-14T13:09:26.000Z' }],
    ['2026-03-14 15:09:26.123456 -05:30', { value: '2026-03-14T20:39:26.123Z' }],
    ['2026-03-14T00:30:00+01:00', { value: '2026-03-13T23:30:00.000Z' }],
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

describe('multiselect', () => {
  it.each<Case>([
    ['red,green', { value: ['red', 'green'] }],
    [' red , green,, red ', { value: ['red', 'green'] }],
    ['red', { value: ['red'] }],
    [['mathematics', 'space flight'], { value: ['mathematics', 'space flight'] }],
    [['a,b', ' a,b '], { value: ['a,b'] }],
    [[1, true, 'x'], { value: ['1', 'true', 'x'] }],
    [7, { value: ['7'] }],
    [false, { value: ['false'] }],
    [',', 'empty'],
    [', ,', 'empty'],
    [['\uDC00'], { value: ['\uFFFD'] }],
    [{ red: true }, 'invalid'],
    [['red', null], 'invalid'],
    [['red', ['green']], 'invalid'],
  ])('%j → %j', (given, converted) => {
    expect(convert(given, 'multiselect')).toEqual(converted);
  });
});

describe('raw', () => {
  it.each<Case>([
    ['  kept  ', { value: '  kept  ' }],
    [12.5, { value: 12.5 }],
    [-0, { value: 0 }],
    [false, { value: false }],
    [{ a: { b: ['c', 1, true] } }, { value: { a: { b: ['c', 1, true] } } }],
    [{ a: null, b: 1 }, { value: { b: 1 } }],
    [{ a: undefined }, { value: {} }],
    [{ a: [] }, { value: { a: [] } }],
    ['half \uD83D', { value: 'half \uFFFD' }],
    [['a', null], 'invalid'],
    [{ a: ['b', null] }, 'invalid'],
    [{ a: [1e-130, -1e-130] }, { value: { a: [1e-130, -1e-130] } }],
    [{ a: 1e-131 }, 'invalid'],
    [{ a: 1e20 }, 'invalid'],
    [{ a: 1e-200 }, 'invalid'],
    [{ a: Number.NaN }, 'invalid'],
    [Number.POSITIVE_INFINITY, 'invalid'],
    [{ '': 1 }, 'invalid'],
    [{ '\uD83D': 1 }, 'invalid'],
    [{ a: () => 1 }, 'invalid'],
  ])('%j → %j', (given, converted) => {
    expect(convert(given, 'raw')).toEqual(converted);
  });

  it('refuses a key that objects do not keep', () => {
    expect(convert(JSON.parse('{"a":{"__proto__":{"role":"administrator"}}}'), 'raw')).toBe('invalid');
  });

  it.each([
    [16, { value: nested(16) }],
    [17, 'invalid'],
    [100_000, 'invalid'],
  ])('%i levels', (levels, converted) => {
    expect(convert(nested(levels), 'raw')).toEqual(converted);
  });
});

it('no type minds how deep a value goes', () => {
  const deep = nested(100_000, null);
  expect(fieldTypes.map((type) => convert(deep, type))).toEqual(fieldTypes.map(() => 'invalid'));
});
