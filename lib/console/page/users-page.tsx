import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { everything, queryOf } from '../line-filter.ts';
import { goTo } from './address.ts';
import { download } from './download.ts';
import { shownTime } from './line-list.tsx';
import { lines } from './lines.ts';
import { about, ask, change, read, words } from './server.ts';

interface ShownUser {
  id: string;
  email: string;
  login: string;
  role: string;
  tags: string[];
  fields: Record<string, unknown>;
  contacts: Record<string, string>;
  effects: Record<string, object>;
  mail?: { state: string; at: string };
  created: string;
  updated: string;
  hasPassword: boolean;
}
interface TagPlace {
  spelling: number;
  after?: string;
}

const ways = { email: 'address', login: 'username', id: 'id', contact: 'contact', tag: 'tag' } as const;
type Way = keyof typeof ways;

/** Whom another page wants to be looked for. In memory only: addresses stand in no address. */
export const lookFor = signal<{ by: Way; text: string } | undefined>(undefined);

const shownValue = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

function Preview({ user }: { user: ShownUser }) {
  const [answers, setAnswers] = useState<Record<string, string>>({});
  const look = async (connection: string) => {
    const said = await ask<{ answer: unknown }>(`users/${user.id}/preview`, { connection }).then(
      ({ answer }) => JSON.stringify(answer, undefined, 2),
      words,
    );
    setAnswers((before) => ({ ...before, [connection]: said }));
  };
  return (
    <>
      {Object.entries(user.contacts).map(([connection, contact]) => (
        <div key={connection}>
          <p class="buttons">
            <span>
              {connection}: <code>{contact}</code>
            </span>
            <button type="button" class="small" onClick={() => void look(connection)}>
              What would be written?
            </button>
          </p>
          {answers[connection] !== undefined && <pre>{answers[connection]}</pre>}
        </div>
      ))}
    </>
  );
}

function Erase({ user, onGone }: { user: ShownUser; onGone: () => void }) {
  const [typed, setTyped] = useState('');
  const [note, setNote] = useState('');
  const erase = () =>
    change('DELETE', `users/${user.id}`, { email: typed }).then(onGone, (error: unknown) =>
      setNote(words(error)),
    );
  const locked = about.value?.readOnly;
  return (
    <details>
      <summary>Delete this user</summary>
      <label>
        Type the address to delete the user with everything that is kept of it
        <input autocomplete="off" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
      </label>
      <button
        type="button"
        disabled={locked !== undefined || typed.trim() !== user.email}
        onClick={() => void erase()}
      >
        Delete for good
      </button>{' '}
      <small role="status">{note || locked || ''}</small>
    </details>
  );
}

function LastLines({ user }: { user: ShownUser }) {
  const own = lines.value
    .filter(({ line }) => line['user_id'] === user.id)
    .slice(-5)
    .toReversed();
  return (
    <>
      <h3>Last lines</h3>
      {own.length === 0 && <p class="soft">None among those that were read.</p>}
      <ul>
        {own.map(({ seq, time, line }) => (
          <li key={seq}>
            {shownTime(time)} {shownValue(line['action'])} {shownValue(line['result'])}
          </li>
        ))}
      </ul>
      <button type="button" class="small" onClick={() => goTo('/', queryOf({ ...everything, q: user.id }))}>
        All of them
      </button>
    </>
  );
}

function UserCard({ user, onGone }: { user: ShownUser; onGone: () => void }) {
  const [note, setNote] = useState('');
  const save = () =>
    read<object>(`users/${user.id}/export`).then(
      (kept) => download(`user-${user.id}.json`, 'application/json', JSON.stringify(kept, undefined, 2)),
      (error: unknown) => setNote(words(error)),
    );
  const rows: [string, string][] = [
    ['id', user.id],
    ['username', user.login],
    ['role', user.role],
    ['password', user.hasPassword ? 'set' : 'not set'],
    ...(user.mail
      ? ([['mailbox', `${user.mail.state} ${shownTime(user.mail.at)}`]] as [string, string][])
      : []),
    ['pending', Object.keys(user.effects).join(', ') || 'nothing'],
    ['created', shownTime(user.created)],
    ['updated', shownTime(user.updated)],
    ...Object.entries(user.fields).map(([key, value]): [string, string] => [key, shownValue(value)]),
  ];
  return (
    <article class="user">
      <h2>{user.email}</h2>
      <p class="tags">
        {user.tags.length === 0 && <span class="soft">no tags</span>}
        {user.tags.map((tag) => (
          <span key={tag} class="tag">
            {tag}
          </span>
        ))}
      </p>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h3>Contacts</h3>
      <Preview user={user} />
      <LastLines user={user} />
      <p>
        <button type="button" class="small" onClick={() => void save()}>
          Export
        </button>{' '}
        <small role="status">{note}</small>
      </p>
      <Erase user={user} onGone={onGone} />
    </article>
  );
}

interface Found {
  users: ShownUser[];
  next?: TagPlace;
  tag?: string;
}

async function find(by: Way, text: string, connection: string): Promise<Found> {
  if (by === 'tag') return { ...(await ask<Found>('tag', { tag: text })), tag: text };
  const more = by === 'contact' ? { connection } : {};
  return { users: [(await ask<{ user: ShownUser }>('user', { by, text, ...more })).user] };
}

/** The search, which the list of a tag goes on from. */
export function UsersPage() {
  const connections = about.value?.connections ?? [];
  const [by, setBy] = useState<Way>('email');
  const [text, setText] = useState('');
  const [connection, setConnection] = useState('');
  const [found, setFound] = useState<Found | undefined>(undefined);
  const [note, setNote] = useState('');
  const chosen = connection || connections[0]?.name || '';
  const search = (way: Way, words_: string) => {
    setNote('');
    void find(way, words_.trim(), chosen).then(setFound, (error: unknown) => {
      setFound(undefined);
      setNote(words(error));
    });
  };
  const more = async ({ tag, next, users }: Found) => {
    const page = await ask<Found>('tag', { tag, place: next });
    setFound({ ...page, ...(tag === undefined ? {} : { tag }), users: [...users, ...page.users] });
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
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          search(by, text);
        }}
      >
        <label>
          By
          <select value={by} onChange={(event) => setBy(event.currentTarget.value as Way)}>
            {Object.entries(ways).map(([way, words_]) => (
              <option key={way} value={way}>
                {words_}
              </option>
            ))}
          </select>
        </label>
        {by === 'contact' && (
          <label>
            Connection
            <select value={chosen} onChange={(event) => setConnection(event.currentTarget.value)}>
              {connections.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
        <label class="grow">
          Look for
          <input
            id="search"
            autocomplete="off"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <button type="submit">Find</button>
      </form>
      <p role="status">{note || (found && found.users.length === 0 ? 'Nobody.' : '')}</p>
      {found?.users.map((user) => (
        <UserCard
          key={user.id}
          user={user}
          onGone={() => {
            setFound(undefined);
            setNote('The user is deleted.');
          }}
        />
      ))}
      {found?.next && (
        <button type="button" onClick={() => void more(found)}>
          More
        </button>
      )}
    </>
  );
}
