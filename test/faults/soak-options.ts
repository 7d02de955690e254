import { parseArgs } from 'node:util';

/** Where faults come from. */
export const faultFamilies = ['crm', 'buckets', 'late-contacts', 'dynamodb', 'sqs', 'ses', 'kills'] as const;
/** What happens in the CRMs besides ordinary edits. */
export const editFamilies = [
  'toggles',
  'moves',
  'swaps',
  'recreations',
  'many-tags',
  'both-crms',
  'cleared-fields',
  'roles',
] as const;

export type Family = (typeof faultFamilies)[number] | (typeof editFamilies)[number];

export const allFamilies: readonly Family[] = [...faultFamilies, ...editFamilies];

export interface SoakOptions {
  /** Webhooks that the CRMs' automations send; their repetitions come on top. */
  deliveries: number;
  seed: number;
  /** Deliveries under way at once. */
  concurrency: number;
  families: ReadonlySet<Family>;
  verbose: boolean;
}

/** Thrown for a command line that cannot be understood. */
export class WrongUsage extends Error {
  override name = 'WrongUsage';
}

const usage = `Usage: npm run soak -- [--deliveries 5000] [--seed 1] [--concurrency 128] [--verbose]
                     [--only FAMILIES | --without FAMILIES]
Families, comma-separated: ${allFamilies.join(', ')}`;

function whole(text: string, name: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new WrongUsage(`--${name} takes a whole number.\n${usage}`);
  return Number(text);
}

function familiesIn(text: string): Family[] {
  const names = text.split(',').filter(Boolean);
  const unknown = names.find((name) => !allFamilies.some((family) => family === name));
  if (unknown !== undefined) throw new WrongUsage(`There is no family "${unknown}".\n${usage}`);
  return names as Family[];
}

/** @throws WrongUsage */
export function readOptions(args: string[]): SoakOptions {
  const { values } = parseArgs({
    args,
    options: {
      deliveries: { type: 'string', default: '5000' },
      seed: { type: 'string', default: '1' },
      concurrency: { type: 'string', default: '128' },
      only: { type: 'string' },
      without: { type: 'string', default: '' },
      verbose: { type: 'boolean', default: false },
    },
  });
  const without = familiesIn(values.without);
  const families = (values.only === undefined ? allFamilies : familiesIn(values.only)).filter(
    (family) => !without.includes(family),
  );
  return {
    deliveries: whole(values.deliveries, 'deliveries'),
    seed: whole(values.seed, 'seed'),
    concurrency: Math.max(whole(values.concurrency, 'concurrency'), 1),
    families: new Set(families),
    verbose: values.verbose,
  };
}
