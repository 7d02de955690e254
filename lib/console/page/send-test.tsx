import { useState } from 'preact/hooks';
import { Form, TextField } from './fields.tsx';
import { pretty } from './pretty.ts';
import { ask } from './server.ts';
import { useAsked } from './use-asked.ts';

/** Asks the webhook with `test`, which changes nothing, and shows its answer. */
export function SendTest({ name }: { name: string }) {
  const [contact, setContact] = useState('');
  const { note, isWaiting, ask: wait } = useAsked();
  const send = () =>
    wait(
      ask<{ status: number; answer: string }>(`setup/${encodeURIComponent(name)}/test`, { contact }),
      ({ status, answer }) => `${status}\n${pretty(answer)}`,
    );
  return (
    <section>
      <h2>Send a test</h2>
      <Form onSend={send}>
        <TextField
          label="Contact’s id (without one only the credentials are tried)"
          value={contact}
          onChange={setContact}
        />
        <button type="submit">Send</button>
      </Form>
      <pre role="status">{isWaiting ? 'Asking …' : note}</pre>
    </section>
  );
}
