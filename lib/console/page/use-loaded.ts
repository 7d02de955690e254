import { useCallback, useEffect, useState } from 'preact/hooks';
import { read, words } from './server.ts';

/** What a path of the server answers, and how to ask again. */
export interface Loaded<Answer> {
  data: Answer | undefined;
  error: string;
  reload: () => void;
}

/**
 * Asks the server when a part of the page is opened, and every so often.
 *
 * @param everyMs 0 asks once
 */
export function useLoaded<Answer>(path: string | undefined, everyMs = 0): Loaded<Answer> {
  const [data, setData] = useState<Answer | undefined>(undefined);
  const [error, setError] = useState('');
  const reload = useCallback(() => {
    if (path === undefined) return;
    void read<Answer>(path).then(
      (answer) => {
        setData(answer);
        setError('');
      },
      (reason: unknown) => setError(words(reason)),
    );
  }, [path]);
  useEffect(() => {
    setData(undefined);
    reload();
    if (everyMs === 0) return;
    const timer = setInterval(reload, everyMs);
    return () => clearInterval(timer);
  }, [reload, everyMs]);
  return { data, error, reload };
}
