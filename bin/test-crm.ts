import { spawnSync } from 'node:child_process';
import { crmNames } from '../functions/crm/registry.ts';

/** `npm run test:crm <name>`: the shared suite of connectors, for one CRM. */
const [name = ''] = process.argv.slice(2);
if (!(crmNames as readonly string[]).includes(name)) {
  process.stderr.write(
    `There is no CRM "${name}" in functions/crm/connectors.ts. There are: ${crmNames.join(', ')}.\n`,
  );
  process.exitCode = 2;
} else {
  const args = ['run', '--silent', 'test:unit', '--', 'test/connectors', '-t', `\\b${name}\\b|docs/crms.md`];
  process.exitCode = spawnSync('npm', args, { stdio: 'inherit' }).status ?? 1;
}
