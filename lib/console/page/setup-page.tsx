import { useState } from 'preact/hooks';
import { Secret } from './secret.tsx';
import { about, ask, words } from './server.ts';
import { useLoaded } from './use-loaded.ts';

interface Urls {
  crm: string;
  urls: Record<string, string>;
  headers: Record<string, string>;
  setup: string[];
  placeholder: string;
}
interface Fields {
  title: string;
  mapped: { key: string; field: string; type: string; isThere: boolean }[];
  others: string[];
}
interface Finding {
  check: string;
  connection?: string;
  status: 'ok' | 'warn' | 'fail' | 'skip';
  message: string;
  fix?: string;
}

function UrlBuilder({ name }: { name: string }) {
  const [action, setAction] = useState('add');
  const [role, setRole] = useState('');
  const [notify, setNotify] = useState(false);
  const [isAsync, setIsAsync] = useState(false);
  const [keyIn, setKeyIn] = useState('query');
  const query = new URLSearchParams({ role, notify: String(notify), async: String(isAsync), keyIn });
  const { data, error } = useLoaded<Urls>(`setup/${encodeURIComponent(name)}?${query}`);
  const key = async (text: string) => {
    const { key: shown } = await ask<{ key: string }>(`setup/${encodeURIComponent(name)}/key`);
    return text.replace(data?.placeholder ?? '', text.includes('?') ? encodeURIComponent(shown) : shown);
  };
  const roles = about.value?.roles.filter(({ privileged }) => !privileged) ?? [];
  const url = data?.urls[action] ?? '';
  return (
    <section>
      <h2>The URL for {data?.crm ?? name}</h2>
      <div class="filters">
        <label>
          Action
          <select value={action} onChange={(event) => setAction(event.currentTarget.value)}>
            {Object.keys(data?.urls ?? { add: '' }).map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <label>
          Role
          <select value={role} onChange={(event) => setRole(event.currentTarget.value)}>
            <option value="">the default one</option>
            {roles.map(({ slug, name: title }) => (
              <option key={slug} value={slug}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label>
          Key
          <select value={keyIn} onChange={(event) => setKeyIn(event.currentTarget.value)}>
            <option value="query">in the URL</option>
            <option value="header">in a header</option>
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
        <label class="check">
          <input
            type="checkbox"
            checked={isAsync}
            onChange={(event) => setIsAsync(event.currentTarget.checked)}
          />
          answer at once
        </label>
      </div>
      <div class="urls">
        {error !== '' && <p role="alert">{error}</p>}
        {keyIn === 'query' && url !== '' && <Secret key={url} masked={url} reveal={() => key(url)} />}
        {keyIn === 'header' && url !== '' && <code>{url}</code>}
        {Object.entries(data?.headers ?? {}).map(([header, value]) => (
          <p key={header}>
            {header}: <Secret masked={value} reveal={() => key(value)} />
          </p>
        ))}
      </div>
      <ol>
        {data?.setup.map((step) => (
          <li key={step}>{step}</li>
        ))}
        {keyIn === 'header' && <li>Enter the header above as well.</li>}
      </ol>
    </section>
  );
}

function SendTest({ name }: { name: string }) {
  const [contact, setContact] = useState('');
  const [answer, setAnswer] = useState('');
  const send = () =>
    void ask<{ status: number; answer: string }>(`setup/${encodeURIComponent(name)}/test`, { contact }).then(
      ({ status, answer: body }) => setAnswer(`${status}\n${pretty(body)}`),
      (error: unknown) => setAnswer(words(error)),
    );
  return (
    <section>
      <h2>Send a test</h2>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <label class="grow">
          Contact’s id
          <input
            autocomplete="off"
            value={contact}
            onInput={(event) => setContact(event.currentTarget.value)}
          />
        </label>
        <button type="submit">Send</button>
      </form>
      <pre role="status">{answer}</pre>
    </section>
  );
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), undefined, 2);
  } catch {
    return json;
  }
}

const localKey = (field: string) => {
  const words_ = field.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return words_.replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '') || 'field';
};

/** What is pasted among a connection's fields. */
const snippet = (fields: readonly string[]) =>
  [
    'fields: {',
    ...fields.map((field) => `  ${localKey(field)}: { field: ${JSON.stringify(field)}, type: 'text' },`),
    '},',
  ].join('\n');

function FieldMap({ name }: { name: string }) {
  const { data, error } = useLoaded<Fields>(`setup/${encodeURIComponent(name)}/fields`);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const toggle = (field: string) =>
    setChosen(chosen.includes(field) ? chosen.filter((one) => one !== field) : [...chosen, field]);
  return (
    <section>
      <h2>Fields</h2>
      {error !== '' && <p role="alert">{error}</p>}
      <div class="table" tabIndex={0} role="region" aria-label="The field map">
        <table>
          <thead>
            <tr>
              <th scope="col">Here</th>
              <th scope="col">In {data?.title ?? 'the CRM'}</th>
              <th scope="col">Type</th>
              <th scope="col">There?</th>
            </tr>
          </thead>
          <tbody>
            {data?.mapped.map(({ key, field, type, isThere }) => (
              <tr key={key}>
                <td>{key}</td>
                <td>{field}</td>
                <td>{type}</td>
                <td>{isThere ? 'yes' : 'not listed'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <fieldset>
        <legend>Further fields of {data?.title ?? 'the CRM'}: choose some for usher.config.ts</legend>
        <div class="choices">
          {data?.others.map((field) => (
            <label key={field} class="check">
              <input type="checkbox" checked={chosen.includes(field)} onChange={() => toggle(field)} />
              {field}
            </label>
          ))}
        </div>
      </fieldset>
      {chosen.length > 0 && (
        <>
          <pre>{snippet(chosen)}</pre>
          <button
            type="button"
            class="small"
            onClick={() => void navigator.clipboard.writeText(snippet(chosen))}
          >
            Copy
          </button>
        </>
      )}
    </section>
  );
}

function Doctor() {
  const [isAsked, setIsAsked] = useState(false);
  const { data, error, reload } = useLoaded<{ findings: Finding[] }>(isAsked ? 'doctor' : undefined);
  return (
    <section>
      <h2>Is all well?</h2>
      <button type="button" class="small" onClick={() => (isAsked ? reload() : setIsAsked(true))}>
        Look at everything
      </button>
      <p role="status">{error || (isAsked && !data ? 'Looking …' : '')}</p>
      <ul class="findings">
        {data?.findings.map(({ check, connection, status, message, fix }) => (
          <li key={`${check} ${connection}`}>
            <span class={`badge ${{ ok: 'done', warn: 'waits', fail: 'failed', skip: 'refused' }[status]}`}>
              {status}
            </span>{' '}
            <b>{connection === undefined ? check : `${check} (${connection})`}</b> {message}
            {fix !== undefined && <div>→ {fix}</div>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What has to be pasted into a CRM, and whether it works. */
export function SetupPage() {
  const connections = about.value?.connections ?? [];
  const [chosen, setChosen] = useState('');
  const name = chosen || connections[0]?.name;
  return (
    <>
      <h1>Setup</h1>
      <label class="chosen">
        Connection
        <select value={name ?? ''} onChange={(event) => setChosen(event.currentTarget.value)}>
          {connections.map((one) => (
            <option key={one.name} value={one.name}>
              {one.name} ({one.crm})
            </option>
          ))}
        </select>
      </label>
      {name !== undefined && (
        <div key={name}>
          <UrlBuilder name={name} />
          <SendTest name={name} />
          <FieldMap name={name} />
        </div>
      )}
      <Doctor />
    </>
  );
}
