import { expect } from '@jest/globals';
import { ConfigError, type ConfigInput, defineConfig } from '../../../functions/config/define-config.ts';
import { exampleInput } from '../example-config.ts';

export type Changed = Record<string, unknown>;

/** The lines of the error that a change to a right configuration gives; none when it is still right. */
export function problemsOf(change: Changed): string[] {
  try {
    defineConfig({ ...exampleInput(), ...change } as ConfigInput);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const [head, ...lines] = (error as Error).message.split('\n');
    expect(head).toBe(`usher.config.ts has ${lines.length} problem(s):`);
    return lines.map((line) => line.trim());
  }
}

export const problemsOfConnection = (connection: unknown) =>
  problemsOf({ connections: { main: connection } });
