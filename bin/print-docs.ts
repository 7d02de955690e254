import { writeFile } from 'node:fs/promises';
import { crmsPage } from '../lib/docs/crms-page.ts';
import { openApiText } from '../lib/docs/openapi.ts';

const pages = { 'docs/crms.md': crmsPage(), 'docs/openapi.json': openApiText() };
for (const [file, text] of Object.entries(pages)) {
  await writeFile(file, text);
  process.stdout.write(`${file} is written.\n`);
}
