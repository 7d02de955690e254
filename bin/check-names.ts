import { glob, readFile } from 'node:fs/promises';
import { crmNames } from '../functions/crm/registry.ts';

/** A connector, its sandbox, and the two lists that name them: nothing else knows a CRM. */
const ownPlaces = /^(functions\/crm\/(connectors|lists)|lib\/sandbox\/crms)(\/|\.ts$)/;

const named = new RegExp(`\\b(${crmNames.join('|')})\\b`, 'i');
let count = 0;
for await (const file of glob('{bin,functions,lib}/**/*.ts')) {
  if (ownPlaces.test(file)) continue;
  const lines = (await readFile(file, 'utf8')).split('\n');
  lines.forEach((line, index) => {
    const [, name] = named.exec(line) ?? [];
    if (name === undefined) return;
    process.stderr.write(`${file}:${index + 1} knows ${name}: that belongs to its connector\n`);
    count += 1;
  });
}
if (count === 0) process.stdout.write('names: no file knows a CRM but its own\n');
process.exitCode = count === 0 ? 0 : 1;
