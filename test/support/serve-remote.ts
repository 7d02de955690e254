import type { RemoteApi } from './remote-process.ts';

/** Answers the calls of the process that started this one with `startRemote`, until that one hangs up. */
export function serveRemote(api: RemoteApi, stop: () => Promise<void> = () => Promise.resolve()): void {
  const send = (answer: object) => {
    if (process.connected) process.send?.(answer);
  };
  process.on('message', ({ id, name, argument }: { id: number; name: string; argument: unknown }) => {
    Promise.resolve()
      .then(() => api[name]?.(argument))
      .then(
        (result) => send({ id, result }),
        (error: unknown) => send({ id, error: error instanceof Error ? error.stack : String(error) }),
      );
  });
  process.once('disconnect', () => {
    void stop().finally(() => process.exit());
  });
  send({ id: 0 });
}
