import { useEffect, useState } from 'preact/hooks';
import { Form, Select, TextField } from './fields.tsx';
import { lookFor, type Way, ways } from './look-for.ts';
import { about, ask } from './server.ts';
import type { ShownUser } from './shown-user.ts';
import { useAsked } from './use-asked.ts';
import { useChosen } from './use-chosen.ts';
import { UserCard } from './user-card.tsx';

/** Those who were found; of a tag there may be more. */
interface Found {
  users: ShownUser[];
  next?: { spelling: number; after?: string };
  tag?: string;
}

async function find(by: Way, text: string, connection: string | undefined): Promise<Found> {
  if (by === 'tag') return { ...(await ask<Found>('tag', { tag: text })), tag: text };
  const more = by === 'contact' ? { connection } : {};
  return { users: [(await ask<{ user: ShownUser }>('user', { by, text, ...more })).user] };
}

const wayOptions = Object.entries(ways) as [Way, string][];

/** The search, which the list of a tag goes on from. */
export function UsersPage() {
  const names = (about.value?.connections ?? []).map(({ name }) => name);
  const [connection, choose] = useChosen(names);
  const [by, setBy] = useState<Way>('email');
  const [text, setText] = useState('');
  const [found, setFound] = useState<Found | undefined>(undefined);
  const { note, ask: wait, tell } = useAsked();
  const search = (way: Way, words: string) => {
    setFound(undefined);
    wait(find(way, words.trim(), connection), (those) => {
      setFound(those);
      return those.users.length === 0 ? 'Nobody.' : '';
    });
  };
  const more = ({ tag, next, users }: Found) =>
    wait(ask<Found>('tag', { tag, place: next }), (page) =>
      setFound({ ...page, ...(tag === undefined ? {} : { tag }), users: [...users, ...page.users] }),
    );
  const forget = () => {
    setFound(undefined);
    tell('The user is deleted.');
  };
  useEffect(() => {
    const wanted = lookFor.value;
    if (!wanted) return;
    lookFor.value = undefined;
    setBy(wanted.by);
    setText(wanted.text);
    search(wanted.by, wanted.text);
  }, []);
  return (
    <>
      <h1>Users</h1>
      <Form onSend={() => search(by, text)}>
        <Select label="By" value={by} onChange={setBy} options={wayOptions} />
        {by === 'contact' && (
          <Select label="Connection" value={connection ?? ''} onChange={choose} options={names} />
        )}
        <TextField label="Look for" id="search" required value={text} onChange={setText} />
        <button type="submit">Find</button>
      </Form>
      <p role="status">{note}</p>
      {found?.users.map((user) => (
        <UserCard key={user.id} user={user} onGone={forget} />
      ))}
      {found?.next && (
        <button type="button" onClick={() => more(found)}>
          More
        </button>
      )}
    </>
  );
}
