import { useState } from 'preact/hooks';
import { TextArea, TextField } from './fields.tsx';
import { controlOf, type Person } from './sandbox-control.ts';
import { SandboxFire } from './sandbox-fire.tsx';
import { Secret } from './secret.tsx';
import { ask, change } from './server.ts';
import { useAsked } from './use-asked.ts';

/** A field that the page has not been given, as passwords are. */
function SecretField({ name, person, field }: { name: string; person: Person; field: string }) {
  const path = `sandbox/${encodeURIComponent(name)}/field`;
  const reveal = async () => (await ask<{ value: string }>(path, { person: person.id, field })).value;
  return (
    <p class="secret">
      {field}: <Secret masked="••••••••" reveal={reveal} />
    </p>
  );
}

/** What the sandbox is told: the fields that were taken out are emptied, as it keeps those it is not told of. */
function changed(before: Person['fields'], text: string): Person['fields'] {
  const after: unknown = JSON.parse(text);
  if (typeof after !== 'object' || after === null || Array.isArray(after))
    throw new Error('The fields have to be a JSON object.');
  return { ...Object.fromEntries(Object.keys(before).map((field) => [field, null])), ...after };
}

/** Changes a person, and calls the webhook for it. */
export function SandboxPerson({
  name,
  person,
  onSaved,
}: {
  name: string;
  person: Person;
  onSaved: () => void;
}) {
  const [email, setEmail] = useState(person.email ?? '');
  const [tags, setTags] = useState((person.tags ?? []).join('\n'));
  const [fields, setFields] = useState(JSON.stringify(person.fields, undefined, 2));
  const { note, ask: wait } = useAsked();
  const save = async () =>
    change('PUT', controlOf(name, `people/${encodeURIComponent(person.id)}`), {
      email: email === '' ? null : email,
      tags: tags.split('\n').filter(Boolean),
      fields: changed(person.fields, fields),
    });
  const saved = () => {
    onSaved();
    return 'Saved.';
  };
  return (
    <article>
      <h3>{person.email ?? person.id}</h3>
      <p class="soft">
        id <code>{person.id}</code>
      </p>
      <TextField label="Address" value={email} onChange={setEmail} />
      <TextArea label="Tags, one a line" rows={4} value={tags} onChange={setTags} />
      <TextArea label="Fields, as JSON" rows={6} value={fields} onChange={setFields} />
      {person.secrets.map((field) => (
        <SecretField key={field} name={name} person={person} field={field} />
      ))}
      <button type="button" onClick={() => wait(save(), saved)}>
        Save
      </button>{' '}
      <small role="status">{note}</small>
      <SandboxFire name={name} person={person} />
    </article>
  );
}
