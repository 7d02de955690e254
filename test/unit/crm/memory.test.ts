import { expect, it } from '@jest/globals';
import { createMemory } from '../../../functions/crm/memory.ts';

const hour = 60 * 60 * 1000;
const start = Date.parse('2026-03-01T12:00:00Z');

/** A memory, and a CRM whose answers are counted. */
function remembering() {
  const memory = createMemory();
  let asked = 0;
  return {
    asked: () => asked,
    recall(
      ms: number,
      { name = 'tags', isEnough = () => true, ask = () => Promise.resolve(`answer ${asked}`) } = {} as {
        name?: string;
        isEnough?: (value: never) => boolean;
        ask?: () => Promise<unknown>;
      },
    ) {
      const counted = () => {
        asked += 1;
        return ask();
      };
      return memory.recall(name, counted, isEnough, new Date(start + ms));
    },
  };
}

it('what was found out is kept for an hour', async () => {
  const { recall, asked } = remembering();
  expect(await recall(0)).toBe('answer 1');
  expect(await recall(hour - 1)).toBe('answer 1');
  expect(asked()).toBe(1);
  expect(await recall(hour)).toBe('answer 2');
  expect(await recall(2 * hour - 1)).toBe('answer 2');
});

it('each thing by its name', async () => {
  const { recall } = remembering();
  expect(await recall(0)).toBe('answer 1');
  expect(await recall(0, { name: 'fields' })).toBe('answer 2');
  expect(await recall(1)).toBe('answer 1');
});

it('what is not enough is asked for anew, once, and the new one is kept for an hour', async () => {
  const { recall, asked } = remembering();
  await recall(0);
  const isEnough = (value: string) => value === 'another';
  expect(await recall(1000, { isEnough })).toBe('answer 2');
  expect(asked()).toBe(2);
  expect(await recall(hour + 999)).toBe('answer 2');
  expect(asked()).toBe(2);
});

it('what was just found out is not weighed: it is all that there is', async () => {
  const { recall, asked } = remembering();
  expect(await recall(0, { isEnough: () => false })).toBe('answer 1');
  expect(asked()).toBe(1);
});

it('nothing is a thing to keep, too', async () => {
  const { recall, asked } = remembering();
  const nothing = { ask: () => Promise.resolve(undefined) };
  expect(await recall(0, nothing)).toBeUndefined();
  expect(await recall(1, nothing)).toBeUndefined();
  expect(asked()).toBe(1);
});

it('a failure is not kept, and does not end what is', async () => {
  const { recall, asked } = remembering();
  const ask = () => Promise.reject(new Error('down'));
  await expect(recall(0, { ask })).rejects.toThrow('down');
  expect(await recall(1)).toBe('answer 2');
  await expect(recall(2, { ask, isEnough: () => false })).rejects.toThrow('down');
  expect(await recall(3)).toBe('answer 2');
  expect(asked()).toBe(3);
});
