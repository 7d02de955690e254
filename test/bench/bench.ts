import { bursts } from './bursts.ts';
import { coldStart } from './cold-start.ts';
import { cpu } from './cpu.ts';
import { load } from './load.ts';
import { memory } from './memory.ts';
import { print } from './report.ts';
import { site } from './site.ts';
import { size } from './size.ts';
import { updatesOfProcess } from './updates.ts';

/**
 * Measures and prints; asserts nothing. `npm run bench` does all of it in some ten minutes, `npm run bench -- cpu
 * load` the parts that are named. The goals beside the numbers are for two quiet cores.
 */
const parts: Record<string, () => Promise<void>> = {
  size,
  cold: coldStart,
  updates: updatesOfProcess,
  cpu,
  load,
  bursts,
  memory,
  site,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  print(`There is no part ${unknown.join(', ')}. There are: ${Object.keys(parts).join(', ')}.`);
}
for (const [name, measure] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  try {
    await measure();
  } catch (error) {
    print(
      `\n${name} could not be measured: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
}
print();
