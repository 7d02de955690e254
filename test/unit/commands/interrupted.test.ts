import { expect, it } from '@jest/globals';
import { interrupted } from '../../../lib/commands/support/interrupted.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const listening = () => signals.map((signal) => process.listenerCount(signal));

it.each(signals)('leaves the next signal to the system after %s', async (signal) => {
  const before = listening();
  const ended = interrupted();
  expect(listening()).toEqual(before.map((count) => count + 1));
  process.emit(signal, signal);
  await ended;
  expect(listening()).toEqual(before);
});
