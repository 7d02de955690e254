import { useState } from 'preact/hooks';
import { TextField } from './fields.tsx';
import { about, change } from './server.ts';
import type { ShownUser } from './shown-user.ts';
import { useAsked } from './use-asked.ts';

/** Deletes a user, once its address was typed. */
export function UserErase({ user, onGone }: { user: ShownUser; onGone: () => void }) {
  const [typed, setTyped] = useState('');
  const { note, ask } = useAsked();
  const locked = about.value?.readOnly;
  const erase = () => ask(change('DELETE', `users/${user.id}`, { email: typed }), onGone);
  return (
    <details>
      <summary>Delete this user</summary>
      <TextField
        label="Type the address to delete the user with everything that is kept of it"
        value={typed}
        onChange={setTyped}
      />
      <button type="button" disabled={locked !== undefined || typed.trim() !== user.email} onClick={erase}>
        Delete for good
      </button>{' '}
      <small role="status">{note || locked || ''}</small>
    </details>
  );
}
