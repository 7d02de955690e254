import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { crmNames } from '../../functions/crm/registry.ts';
import { bundleFunction } from '../../lib/bundle/bundle.ts';
import { furtherConnections, withConnections } from '../../lib/dev/further-connections.ts';
import config from '../../usher.config.ts';

export interface BuiltFunction {
  /** Path of `index.mjs`. */
  path: string;
  contents: Metafile;
}

const folder = join(import.meta.dirname, '../../dist');

async function build(outdir: string, given = config): Promise<BuiltFunction> {
  return { path: join(outdir, 'index.mjs'), contents: await bundleFunction(outdir, given) };
}

let building: Promise<BuiltFunction> | undefined;

/** Builds the function as it would be deployed, once per run. */
export function builtFunction(): Promise<BuiltFunction> {
  building ??= build(folder);
  return building;
}

/** The same with a connection of every CRM. */
export function builtWithEveryCrm(): Promise<BuiltFunction> {
  const used = new Set(Object.values(config.connections).map(({ crm }) => crm));
  const others = crmNames.filter((crm) => !used.has(crm));
  // Not where it is deployed from.
  return build(
    join(tmpdir(), 'usher-every-crm'),
    withConnections(config, furtherConnections(config, others)),
  );
}
