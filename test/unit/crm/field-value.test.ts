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
    [['red', null, '', [], 'green'], { value: 'red, green' }],
    [['red', { a: 1 }], 'invalid'],
    [['red', ['green']], 'invalid'],
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
    ['.25', { value: 0.25 }],
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
    [['red', null, [], 'green'], { value: ['red', 'green'] }],
    [[null, ['', null]], 'empty'],
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
    [['a', null], { value: ['a'] }],
    [{ a: ['b', null, ''] }, { value: { a: ['b', ''] } }],
    [{ a: [1e-130, -1e-130] }, { value: { a: [1e-130, -1e-130] } }],
    [{ a: 1e-131 }, 'invalid'],
    [{ a: 1e20 }, 'invalid'],
    [{ a: 1e-200 }, 'invalid'],
    [{ a: Number.NaN }, 'invalid'],
    [Number.POSITIVE_INFINITY, 'invalid'],
    [{ '': 1 }, 'invalid'],
    [{ ['é'.repeat(32_768)]: 1 }, 'invalid'],
    [{ '\uD83D': 1 }, 'invalid'],
    [{ constructor: 1 }, 'invalid'],
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

it.each([
  [16, 'empty'],
  [17, 'invalid'],
])('%i lists around nothing are %s', (levels, converted) => {
  expect(fieldTypes.map((type) => convert(nested(levels, null), type))).toEqual(
    fieldTypes.map(() => converted),
  );
});

it('no type minds how deep a value goes', () => {
  const deep = nested(100_000, null);
  expect(fieldTypes.map((type) => convert(deep, type))).toEqual(fieldTypes.map(() => 'invalid'));
});
