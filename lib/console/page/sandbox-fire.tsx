import { useState } from 'preact/hooks';
import { Check, Select } from './fields.tsx';
import { pretty } from './pretty.ts';
import { roleOptions } from './role-options.ts';
import type { Person } from './sandbox-control.ts';
import { about, change } from './server.ts';
import { useAsked } from './use-asked.ts';

/** Calls the webhook for a person as the CRM's automation would. */
export function SandboxFire({ name, person }: { name: string; person: Person }) {
  const [action, setAction] = useState('add');
  const [role, setRole] = useState('');
  const [notify, setNotify] = useState(false);
  const [isAsync, setIsAsync] = useState(false);
  const { note, isWaiting, ask } = useAsked();
  const fire = () =>
    ask(
      change<{ status: number; answer: string }>('POST', `sandbox/${encodeURIComponent(name)}/fire`, {
        person: person.id,
        action,
        ...(role === '' ? {} : { role }),
        notify,
        async: isAsync,
      }),
      ({ status, answer }) => `${status}\n${pretty(answer)}`,
    );
  return (
    <>
      <h4>As the CRM would call</h4>
      <div class="filters">
        <Select label="Action" value={action} onChange={setAction} options={about.value?.actions ?? []} />
        <Select label="Role" value={role} onChange={setRole} options={roleOptions()} />
        <Check label="welcome mail" value={notify} onChange={setNotify} />
        <Check label="answer at once" value={isAsync} onChange={setIsAsync} />
        <button type="button" onClick={fire}>
          Fire the webhook
        </button>
      </div>
      <pre role="status">{isWaiting ? 'Waiting for the answer …' : note}</pre>
    </>
  );
}
