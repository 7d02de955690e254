import { describe, expect, it } from '@jest/globals';
import { addNamed, allNames, type FieldNames, fieldIdOf } from '../../../functions/crm/field-names.ts';

/** Two fields of one label: the database calls the second one as the first one is labelled. */
const names: FieldNames = new Map([
  ['1', ['Size0', 'Size']],
  ['2', ['Size', 'Size']],
  ['3', [null, 'Colour', '']],
  ['4', []],
]);
const added = (fields: Record<string, unknown>, values: Record<string, unknown>) => {
  const map = new Map(Object.entries(fields));
  addNamed(map, new Map(Object.entries(values)), names);
  return Object.fromEntries(map);
};

describe('custom fields', () => {
  it('stand under all their names, and the surer name counts', () => {
    const values = { 1: 'first', 2: 'second', 3: 'red', 4: 'nameless', 5: 'unknown' };
    expect(added({}, values)).toEqual({ Size0: 'first', Size: 'second', Colour: 'red' });
  });

  it('are never found under a name that is more surely of another one', () => {
    expect(added({}, { 1: 'first' })).toEqual({ Size0: 'first' });
  });

  it('hide nothing, not even what is empty, and add none that the contact does not have', () => {
    expect(added({ Size: null }, { 1: 'first' })).toEqual({ Size: null, Size0: 'first' });
  });

  it.each([
    ['Size', '2'],
    ['Size0', '1'],
    ['Colour', '3'],
    ['', undefined],
    ['3', undefined],
  ])('are found by a name: %j is %j', (name, id) => {
    expect(fieldIdOf(name, names)).toBe(id);
  });

  it('are listed', () => {
    expect([...allNames(names)].sort()).toEqual(['Colour', 'Size', 'Size0']);
  });
});
