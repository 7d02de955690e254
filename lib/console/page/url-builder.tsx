import { useState } from 'preact/hooks';
import { Copy } from './copy.tsx';
import { Check, Select } from './fields.tsx';
import { roleOptions } from './role-options.ts';
import { Secret } from './secret.tsx';
import { ask } from './server.ts';
import { useLoaded } from './use-loaded.ts';

interface Urls {
  crm: string;
  urls: Record<string, string>;
  headers: Record<string, string>;
  setup: string[];
  placeholder: string;
}

const keyPlaces = [
  ['query', 'in the URL'],
  ['header', 'in a header'],
] as const;

/** A text of a connection with its key in place of what stands for it. */
async function withKey(connection: string, text: string, placeholder: string): Promise<string> {
  const { key } = await ask<{ key: string }>(`setup/${encodeURIComponent(connection)}/key`);
  return text.replace(placeholder, () => (text.includes('?') ? encodeURIComponent(key) : key));
}

/** What is pasted into a CRM, and that CRM's steps. */
export function UrlBuilder({ name }: { name: string }) {
  const [action, setAction] = useState('add');
  const [role, setRole] = useState('');
  const [notify, setNotify] = useState(false);
  const [isAsync, setIsAsync] = useState(false);
  const [keyIn, setKeyIn] = useState<'query' | 'header'>('query');
  const query = new URLSearchParams({ role, notify: String(notify), async: String(isAsync), keyIn });
  const { data, error } = useLoaded<Urls>(`setup/${encodeURIComponent(name)}?${query}`);
  const url = data?.urls[action] ?? '';
  const secret = (masked: string) => (
    <Secret key={masked} masked={masked} reveal={() => withKey(name, masked, data?.placeholder ?? '')} />
  );
  return (
    <section>
      <h2>The URL for {data?.crm ?? name}</h2>
      <div class="filters">
        <Select
          label="Action"
          value={action}
          onChange={setAction}
          options={Object.keys(data?.urls ?? { [action]: '' })}
        />
        <Select label="Role" value={role} onChange={setRole} options={roleOptions()} />
        <Select label="Key" value={keyIn} onChange={setKeyIn} options={keyPlaces} />
        <Check label="welcome mail" value={notify} onChange={setNotify} />
        <Check label="answer at once" value={isAsync} onChange={setIsAsync} />
      </div>
      <div class="urls">
        {error !== '' && <p role="alert">{error}</p>}
        {keyIn === 'query' && url !== '' && secret(url)}
        {keyIn === 'header' && url !== '' && (
          <span class="secret">
            <code>{url}</code>
            <Copy text={() => url} />
          </span>
        )}
        {Object.entries(data?.headers ?? {}).map(([header, value]) => (
          <p key={header} class="secret">
            {header}: {secret(value)}
          </p>
        ))}
      </div>
      <ol>
        {data?.setup.map((step) => (
          <li key={step}>{step}</li>
        ))}
        {keyIn === 'header' && data && <li>Enter the header above as well.</li>}
      </ol>
    </section>
  );
}
