import { useState } from 'preact/hooks';
import { about, change, words } from './server.ts';
import { useLoaded } from './use-loaded.ts';

interface Person {
  id: string;
  email: string | null;
  tags?: string[] | null;
  fields: Record<string, unknown>;
}

const controlOf = (name: string, path: string) => `sandbox/${encodeURIComponent(name)}/control/${path}`;

const faults: readonly [label: string, fault: object][] = [
  ['is down (503)', { status: 503 }],
  ['limits calls (429)', { status: 429, retryAfter: '30' }],
  ['refuses the token (401)', { status: 401 }],
  ['takes 3 seconds', { latencyMs: 3000 }],
  ['does not answer', { kind: 'hang' }],
  ['answers with a web page', { kind: 'html' }],
  ['answers half', { kind: 'truncate' }],
];

function Faults({ name }: { name: string }) {
  const { data, error, reload } = useLoaded<{ faults: Record<string, unknown>[] }>(
    controlOf(name, 'faults'),
    2000,
  );
  const limits = useLoaded<{ on: boolean; limits: unknown[] }>(controlOf(name, 'limits'));
  const [chosen, setChosen] = useState(0);
  const [note, setNote] = useState('');
  const then = (done: Promise<unknown>, told: string) =>
    void done.then(
      () => {
        setNote(told);
        reload();
        limits.reload();
      },
      (reason: unknown) => setNote(words(reason)),
    );
  return (
    <section>
      <h2>What goes wrong</h2>
      <div class="filters">
        <label class="grow">
          From now on the CRM
          <select value={String(chosen)} onChange={(event) => setChosen(Number(event.currentTarget.value))}>
            {faults.map(([label], index) => (
              <option key={label} value={String(index)}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          onClick={() =>
            then(change('POST', controlOf(name, 'faults'), faults[chosen]?.[1]), 'It does so now.')
          }
        >
          Switch on
        </button>
        <button
          type="button"
          class="secondary"
          onClick={() => then(change('DELETE', controlOf(name, 'faults')), 'It answers rightly again.')}
        >
          All off
        </button>
        {(limits.data?.limits.length ?? 0) > 0 && (
          <label class="check">
            <input
              type="checkbox"
              checked={limits.data?.on ?? false}
              onChange={(event) =>
                then(
                  change('PUT', controlOf(name, 'limits'), { on: event.currentTarget.checked }),
                  'The limits are switched.',
                )
              }
            />
            the vendor’s limits hold
          </label>
        )}
      </div>
      <p role="status">{note || error}</p>
      {data?.faults.map((fault) => (
        <code key={JSON.stringify(fault)} class="fault">
          {JSON.stringify(fault)}
        </code>
      ))}
    </section>
  );
}

function Fire({ name, person }: { name: string; person: Person }) {
  const [action, setAction] = useState('add');
  const [notify, setNotify] = useState(false);
  const [answer, setAnswer] = useState('');
  const fire = () =>
    void change<{ status: number; answer: string }>('POST', `sandbox/${encodeURIComponent(name)}/fire`, {
      person: person.id,
      action,
      notify,
      async: false,
    }).then(
      ({ status, answer: body }) => setAnswer(`${status} ${body}`),
      (error: unknown) => setAnswer(words(error)),
    );
  return (
    <>
      <div class="filters">
        <label>
          Action
          <select value={action} onChange={(event) => setAction(event.currentTarget.value)}>
            {about.value?.actions.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={notify}
            onChange={(event) => setNotify(event.currentTarget.checked)}
          />
          welcome mail
        </label>
        <button type="button" onClick={fire}>
          Fire the webhook
        </button>
      </div>
      <pre role="status">{answer}</pre>
    </>
  );
}

function Editor({ name, person, onSaved }: { name: string; person: Person; onSaved: () => void }) {
  const [email, setEmail] = useState(person.email ?? '');
  const [tags, setTags] = useState((person.tags ?? []).join('\n'));
  const [fields, setFields] = useState(JSON.stringify(person.fields, undefined, 2));
  const [note, setNote] = useState('');
  const save = async () => {
    try {
      await change('PUT', controlOf(name, `people/${encodeURIComponent(person.id)}`), {
        email: email === '' ? null : email,
        tags: tags.split('\n').filter(Boolean),
        fields: JSON.parse(fields) as object,
      });
      setNote('Saved.');
      onSaved();
    } catch (error) {
      setNote(words(error));
    }
  };
  return (
    <article>
      <h3>{person.email ?? person.id}</h3>
      <p class="soft">
        id <code>{person.id}</code>
      </p>
      <label>
        Address
        <input autocomplete="off" value={email} onInput={(event) => setEmail(event.currentTarget.value)} />
      </label>
      <label>
        Tags, one a line
        <textarea rows={4} value={tags} onInput={(event) => setTags(event.currentTarget.value)} />
      </label>
      <label>
        Fields, as JSON
        <textarea
          rows={6}
          spellcheck={false}
          value={fields}
          onInput={(event) => setFields(event.currentTarget.value)}
        />
      </label>
      <button type="button" onClick={() => void save()}>
        Save
      </button>{' '}
      <small role="status">{note}</small>
      <h4>As the CRM would call</h4>
      <Fire name={name} person={person} />
    </article>
  );
}

function People({ name }: { name: string }) {
  const { data, error, reload } = useLoaded<{ people: Person[] }>(controlOf(name, 'people'));
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const person = data?.people.find(({ id }) => id === chosen) ?? data?.people[0];
  return (
    <section>
      <h2>People</h2>
      {error !== '' && <p role="alert">{error}</p>}
      <label class="chosen">
        Person
        <select value={person?.id ?? ''} onChange={(event) => setChosen(event.currentTarget.value)}>
          {data?.people.map(({ id, email }) => (
            <option key={id} value={id}>
              {email ?? 'no address'} · {id}
            </option>
          ))}
        </select>
      </label>
      {person && <Editor key={`${name} ${person.id}`} name={name} person={person} onSaved={reload} />}
    </section>
  );
}

/** The CRMs that this machine plays. */
export function SandboxPage() {
  const names = about.value?.sandboxes ?? [];
  const [chosen, setChosen] = useState('');
  const name = chosen || names[0];
  return (
    <>
      <h1>Sandbox</h1>
      {name === undefined && (
        <p>
          {about.value?.isLocal
            ? 'Every connection of this stack has a real CRM.'
            : 'Only the local stack has sandboxes: npm start.'}
        </p>
      )}
      {name !== undefined && (
        <>
          <label class="chosen">
            Connection
            <select value={name} onChange={(event) => setChosen(event.currentTarget.value)}>
              {names.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
          <div key={name}>
            <People name={name} />
            <Faults name={name} />
          </div>
        </>
      )}
    </>
  );
}
