import { hash } from 'node:crypto';

const first = 1024;
const mostMarks = 0xffff;

/**
 * Texts, each with a small number: an import knows a hundred thousand ids, and in a `Map` they would take most of its memory. Of a text
 * 64 bits of its SHA-256 are kept, in a table with open addressing. Of a million texts two are alike in one import of 37 million.
 */
export class Marks {
  #high = new Uint32Array(first);
  #low = new Uint32Array(first);
  /** 0 where nothing is. */
  #marks = new Uint16Array(first);
  #size = 0;

  /** How many texts have a mark. */
  get size(): number {
    return this.#size;
  }

  /** The mark of a text, 0 for one that has none. */
  get(text: string): number {
    return this.#marks[this.#slotOf(...bitsOf(text))] ?? 0;
  }

  has(text: string): boolean {
    return this.get(text) > 0;
  }

  add(text: string): void {
    this.set(text, 1);
  }

  /** @param mark from 1 to 65,535 */
  set(text: string, mark: number): void {
    if (mark < 1 || mark > mostMarks) throw new RangeError('That is no mark.');
    const [high, low] = bitsOf(text);
    if (this.#put(high, low, mark)) this.#size += 1;
    if (this.#size > this.#marks.length / 2) this.#grow();
  }

  /** Answers whether the text is a new one. */
  #put(high: number, low: number, mark: number): boolean {
    const slot = this.#slotOf(high, low);
    const isNew = this.#marks[slot] === 0;
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#marks[slot] = mark;
    return isNew;
  }

  /** Where a text stands, or the free place where it would. */
  #slotOf(high: number, low: number): number {
    const last = this.#marks.length - 1;
    let slot = low & last;
    while (this.#marks[slot] !== 0 && (this.#high[slot] !== high || this.#low[slot] !== low))
      slot = (slot + 1) & last;
    return slot;
  }

  #grow(): void {
    const [high, low, marks] = [this.#high, this.#low, this.#marks];
    this.#high = new Uint32Array(2 * marks.length);
    this.#low = new Uint32Array(2 * marks.length);
    this.#marks = new Uint16Array(2 * marks.length);
    for (const [slot, mark] of marks.entries())
      if (mark > 0) this.#put(high[slot] ?? 0, low[slot] ?? 0, mark);
  }
}

/** As a text: a hundred thousand buffers are memory outside of the heap, which is freed late. */
function bitsOf(text: string): [high: number, low: number] {
  const digest = hash('sha256', text, 'hex');
  return [Number.parseInt(digest.slice(0, 8), 16), Number.parseInt(digest.slice(8, 16), 16)];
}
