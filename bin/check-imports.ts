import { cruise } from 'dependency-cruiser';
import { importRules } from '../dependency-cruiser.config.ts';

/** A checker that finds no modules finds no mistakes: below this many it has not looked. */
const fewestModules = 100;

const { options, ...ruleSet } = importRules;
const { output } = await cruise(['functions', 'lib', 'bin', 'usher.config.ts'], {
  ...options,
  ruleSet,
  validate: true,
  outputType: 'json',
});
const { summary } = JSON.parse(String(output)) as {
  summary: { totalCruised: number; violations: { from: string; to: string; rule: { name: string } }[] };
};
for (const { from, to, rule } of summary.violations) process.stderr.write(`${rule.name}: ${from} → ${to}\n`);
if (summary.totalCruised < fewestModules) {
  process.stderr.write(`Only ${summary.totalCruised} modules were seen.\n`);
}
const isGood = summary.violations.length === 0 && summary.totalCruised >= fewestModules;
if (isGood) process.stdout.write(`imports: ${summary.totalCruised} modules, no rule broken\n`);
process.exitCode = isGood ? 0 : 1;
