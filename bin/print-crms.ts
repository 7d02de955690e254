import { writeFile } from 'node:fs/promises';
import { crmsPage } from '../lib/docs/crms-page.ts';

await writeFile('docs/crms.md', crmsPage());
process.stdout.write('docs/crms.md is written.\n');
