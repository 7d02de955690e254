import { useState } from 'preact/hooks';
import { everything, queryOf } from '../line-filter.ts';
import { goTo } from './address.ts';
import { download } from './download.ts';
import { lines } from './lines.ts';
import { read } from './server.ts';
import { shownTime } from './shown-time.ts';
import { type ShownUser, shownValue } from './shown-user.ts';
import { useAsked } from './use-asked.ts';
import { UserContacts } from './user-contacts.tsx';
import { UserErase } from './user-erase.tsx';

/** So many tags are shown until somebody wants all: a user may have thousands. */
const firstTags = 50;

function Tags({ tags }: { tags: readonly string[] }) {
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? tags : tags.slice(0, firstTags);
  return (
    <div class="tags">
      {tags.length === 0 && <span class="soft">no tags</span>}
      {shown.map((tag) => (
        <span key={tag} class="tag">
          {tag}
        </span>
      ))}
      {shown.length < tags.length && (
        <button type="button" class="small" onClick={() => setIsWhole(true)}>
          All {tags.length} tags
        </button>
      )}
    </div>
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
    </>
  );
}

function rowsOf(user: ShownUser): [name: string, value: string][] {
  const { mail } = user;
  return [
    ['id', user.id],
    ['username', user.login],
    ['role', user.role],
    ['password', user.hasPassword ? 'set' : 'not set'],
    ...(mail ? [['mailbox', `${mail.state} ${shownTime(mail.at)}`] as [string, string]] : []),
    ['pending', Object.keys(user.effects).join(', ') || 'nothing'],
    ['created', shownTime(user.created)],
    ['updated', shownTime(user.updated)],
    ...Object.entries(user.fields).map(([key, value]): [string, string] => [key, shownValue(value)]),
  ];
}

/** Everything about a user. */
export function UserCard({ user, onGone }: { user: ShownUser; onGone: () => void }) {
  const { note, ask } = useAsked();
  const save = () =>
    ask(read<object>(`users/${user.id}/export`), (kept) =>
      download(`user-${user.id}.json`, 'application/json', JSON.stringify(kept, undefined, 2)),
    );
  return (
    <article class="user">
      <h2>{user.email}</h2>
      <Tags tags={user.tags} />
      <dl>
        {rowsOf(user).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <UserContacts user={user} />
      <LastLines user={user} />
      <p class="buttons">
        <button type="button" class="small" onClick={() => goTo('/', queryOf({ ...everything, q: user.id }))}>
          All lines
        </button>
        <button type="button" class="small" onClick={save}>
          Export
        </button>
        <small role="status">{note}</small>
      </p>
      <UserErase user={user} onGone={onGone} />
    </article>
  );
}
