import { startSandbox } from '../../lib/sandbox/start-sandbox.ts';
import { serveRemote } from '../support/serve-remote.ts';
import { idsOf, type People } from './load-people.ts';

/** The CRM of both sides. */
const [token = ''] = process.argv.slice(2);
const sandbox = await startSandbox('encharge', { token });
let score = 0;

serveRemote(
  {
    url: () => sandbox.url,
    /** Creates people, or changes one field of those who are there. */
    put(people: People): void {
      score += 1;
      for (const id of idsOf(people)) {
        const tail = id.slice(-12);
        sandbox.people.put({
          id,
          email: `person-${tail}@example.com`,
          tags: ['customer', 'newsletter'],
          fields: { firstName: 'Ada', lastName: tail, country: 'United Kingdom', score },
        });
      }
    },
    /** How many of them have got a password. */
    withPassword: (people: People): number =>
      idsOf(people).filter((id) => typeof sandbox.people.get(id)?.fields['wp_password'] === 'string').length,
  },
  () => sandbox.stop(),
);
