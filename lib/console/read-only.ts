import type { Deployment } from '../commands/support/deployment.ts';
import { CommandError } from '../commands/support/terminal.ts';

/** What AWS calls that change nothing are called. Receiving a message is none of them: it hides the message from others. */
const reading = /^(Get|BatchGet|Query|Scan|Describe|List|FilterLogEvents)/;

type Initialize = (next: (args: never) => Promise<unknown>, context: { commandName?: string }) => typeof next;

interface SdkClient {
  middlewareStack: { add(middleware: Initialize, options: object): void };
}

/**
 * Lets a deployment's clients read only: whatever is asked of the console, and by whichever of its functions, no call that
 * writes leaves this machine.
 *
 * @param reason what the call is refused with
 */
export function onlyReading(deployment: Deployment, reason: string): Deployment {
  const { documents, sqs, ses, secrets, logs } = deployment;
  const refuse: Initialize = (next, { commandName = '' }) => {
    if (reading.test(commandName)) return next;
    return () => Promise.reject(new CommandError(reason));
  };
  const clients: unknown[] = [documents, sqs, secrets, ...('client' in logs ? [logs.client] : [])];
  for (const client of clients as SdkClient[])
    client.middlewareStack.add(refuse, { step: 'initialize', name: 'onlyReading', priority: 'high' });
  // There is no client of SES before the first call.
  const send = (...args: Parameters<typeof ses.send>) =>
    reading.test(args[0].constructor.name) ? ses.send(...args) : Promise.reject(new CommandError(reason));
  return { ...deployment, ses: { ...ses, send: send as typeof ses.send } };
}
