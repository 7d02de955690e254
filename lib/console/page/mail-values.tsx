import { useState } from 'preact/hooks';
import { Form, Select, TextField } from './fields.tsx';
import { about, ask } from './server.ts';
import { useAsked } from './use-asked.ts';
import { useChosen } from './use-chosen.ts';

/** What a template is filled with. */
export interface MailValues {
  email: string;
  login: string;
  first_name: string;
  last_name: string;
}

export const sampleValues: MailValues = {
  email: 'ada@example.com',
  login: 'ada@example.com',
  first_name: 'Ada',
  last_name: 'Lovelace',
};
const labels: Record<keyof MailValues, string> = {
  email: 'Address',
  login: 'Username',
  first_name: 'First name',
  last_name: 'Last name',
};

interface MailValuesProps {
  values: MailValues;
  onValues: (values: MailValues) => void;
}

/** Whom the mail is for: a contact as its CRM has it, or whatever is typed. */
export function MailValuesForm({ values, onValues }: MailValuesProps) {
  const names = (about.value?.connections ?? []).map(({ name }) => name);
  const [connection, choose] = useChosen(names);
  const [contact, setContact] = useState('');
  const { note, isWaiting, ask: wait } = useAsked();
  const load = () =>
    wait(ask<{ values: MailValues }>('mail/values', { connection, contact }), (answer) =>
      onValues(answer.values),
    );
  return (
    <>
      <Form onSend={load}>
        <Select label="Connection" value={connection ?? ''} onChange={choose} options={names} />
        <TextField label="Contact’s id" required value={contact} onChange={setContact} />
        <button type="submit">Take from the CRM</button>
      </Form>
      <p role="status">{isWaiting ? 'Asking the CRM …' : note}</p>
      <div class="filters">
        {(Object.keys(labels) as (keyof MailValues)[]).map((name) => (
          <TextField
            key={name}
            label={labels[name]}
            value={values[name]}
            onChange={(value) => onValues({ ...values, [name]: value })}
          />
        ))}
      </div>
    </>
  );
}
