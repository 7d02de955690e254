import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { CrmName } from '../../functions/crm/registry.ts';
import type { Transport } from '../../functions/crm/transport.ts';
import { isJsonObject, type Json } from '../../lib/sandbox/json.ts';
import { type Difference, type Oracle, type OracleRequest, oracleRequest, steps } from '../oracles/oracle.ts';
import { entries } from './entries.ts';
import { playedCrm } from './played-crm.ts';

const folder = join(import.meta.dirname, '..', 'oracles');
const oracles = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && !file.startsWith('package'))
  .map((file) => {
    const oracle = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Oracle;
    return [file.replace('.json', '') as CrmName, oracle] as const;
  });

/** A body without what stands at a path. */
function bodyWithout(body: unknown, [name = '', ...further]: readonly string[]): unknown {
  if (!isJsonObject(body)) return body;
  const { [name]: taken, ...rest } = body;
  return further.length === 0 ? rest : { ...rest, [name]: bodyWithout(taken, further) as Json };
}

function without(request: OracleRequest, member: string): OracleRequest {
  const [part, ...way] = member.split('.');
  if (part === 'body') return { ...request, body: bodyWithout(request.body, way) };
  return { ...request, query: request.query.filter((pair) => !pair.startsWith(`${way.join('.')}=`)) };
}

describe.each(oracles)("%s is asked as its vendor's client asks", (crm, oracle) => {
  const { person, field, value, requests, differs } = oracle;
  const played = playedCrm(crm, entries[crm]);

  const filled = (text: string) => text.replaceAll('{id}', person.id).replaceAll('{email}', person.email);
  const place = ({ method, path }: OracleRequest) => `${method} ${path}`;

  /** Every request of the connector for one step. */
  async function asked(step: (typeof steps)[number]): Promise<OracleRequest[]> {
    const seen: OracleRequest[] = [];
    const recording =
      (transport: Transport): Transport =>
      (request, signal) => {
        seen.push(oracleRequest(request.method, request.url, request.body));
        return transport(request, signal);
      };
    played.sandbox.people.put({ ...person, tags: ['customer'], fields: { firstName: 'Ada' } });
    const client = played.client({}, recording);
    const work = {
      load: () => client.load(person.id),
      find: () => client.loadByEmail(person.email),
      write: () => client.writeField(person.id, field, value),
    };
    await work[step]();
    return seen;
  }

  it.each(steps)('%s', async (step) => {
    const ours = await asked(step);
    for (const theirs of requests[step]) {
      const difference = differs.find((one) => one.step === step && filled(one.request) === place(theirs)) as
        | Difference
        | undefined;
      if (!difference) {
        expect(ours).toContainEqual(theirs);
        continue;
      }
      // A difference that is none any more is taken out.
      expect(ours).not.toContainEqual(theirs);
      const { without: members = [], instead } = difference;
      if (instead !== undefined) expect(ours.map(place)).toContain(filled(instead));
      else
        expect(ours.map((request) => members.reduce(without, request))).toContainEqual(
          members.reduce(without, theirs),
        );
    }
  });
});
