import { jest } from '@jest/globals';

/** What was done to read something, as far as it may grow faster than what is read. */
export interface Work {
  /** For every search with a regular expression the square of what was searched: an expression can be as slow as that. */
  searched: number;
  /** Items and members that were looked at. */
  looks: number;
}

/** A value whose items and members are counted when somebody looks at them. */
function watched<Value>(value: Value, work: Work): Value {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, name, receiver) {
      work.looks += 1;
      return watched(Reflect.get(target, name, receiver), work);
    },
  });
}

/** Counts the work of reading a value. No time is measured: the same reading is always the same work. */
export function workOf<Value>(value: Value, read: (value: Value) => unknown): Work {
  const work = { searched: 0, looks: 0 };
  const { exec } = RegExp.prototype;
  const spy = jest.spyOn(RegExp.prototype, 'exec').mockImplementation(function (this: RegExp, text: string) {
    const found = exec.call(this, text);
    // A sticky one, as by which texts are split, looks at one place only.
    work.searched += this.sticky ? 1 + (found?.[0].length ?? 0) : text.length ** 2;
    return found;
  });
  try {
    read(watched(value, work));
  } finally {
    spy.mockRestore();
  }
  return work;
}
