import { Select } from './fields.tsx';
import { controlOf, type Person } from './sandbox-control.ts';
import { SandboxFaults } from './sandbox-faults.tsx';
import { SandboxPerson } from './sandbox-person.tsx';
import { about } from './server.ts';
import { useChosen } from './use-chosen.ts';
import { useLoaded } from './use-loaded.ts';

function People({ name }: { name: string }) {
  const { data, error, reload } = useLoaded<{ people: Person[] }>(controlOf(name, 'people'));
  const people = data?.people ?? [];
  const [chosen, choose] = useChosen(people.map(({ id }) => id));
  const person = people.find(({ id }) => id === chosen);
  const options = people.map(({ id, email }) => [id, `${email ?? 'no address'} · ${id}`] as const);
  return (
    <section>
      <h2>People</h2>
      {error !== '' && <p role="alert">{error}</p>}
      <div class="chosen">
        <Select label="Person" value={chosen ?? ''} onChange={choose} options={options} />
      </div>
      {person && <SandboxPerson key={person.id} name={name} person={person} onSaved={reload} />}
    </section>
  );
}

/** The CRMs that this machine plays. */
export function SandboxPage() {
  const names = about.value?.sandboxes ?? [];
  const [name, choose] = useChosen(names);
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
          <div class="chosen">
            <Select label="Connection" value={name} onChange={choose} options={names} />
          </div>
          <div key={name}>
            <People name={name} />
            <SandboxFaults name={name} />
          </div>
        </>
      )}
    </>
  );
}
