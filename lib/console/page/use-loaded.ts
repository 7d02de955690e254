import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { read, words } from './server.ts';

/** What a path of the server answers, and how to ask again. */
export interface Loaded<Answer> {
  data: Answer | undefined;
  error: string;
  reload: () => void;
}

/** After a failure it is asked again: a stack may be started, a permission given. A CRM behind it has a limit. */
const againMs = 10_000;

/**
 * Asks the server when a part of the page is opened, and every so often.
 *
 * @param path undefined asks nothing
 * @param everyMs 0 asks until there is an answer
 */
export function useLoaded<Answer>(path: string | undefined, everyMs = 0): Loaded<Answer> {
  const [loaded, setLoaded] = useState<{ path?: string; data?: Answer; error?: string }>({});
  const wanted = useRef(path);
  wanted.current = path;
  const reload = useCallback(() => {
    if (path === undefined) return;
    // What was asked before may be answered after.
    const isWanted = () => wanted.current === path;
    void read<Answer>(path).then(
      (data) => isWanted() && setLoaded({ path, data }),
      (reason: unknown) =>
        isWanted() &&
        setLoaded((before) => ({ ...(before.path === path ? before : { path }), error: words(reason) })),
    );
  }, [path]);
  useEffect(() => {
    reload();
    if (everyMs === 0) return;
    const timer = setInterval(reload, everyMs);
    return () => clearInterval(timer);
  }, [reload, everyMs]);
  useEffect(() => {
    if (everyMs !== 0 || loaded.error === undefined) return;
    const timer = setTimeout(reload, againMs);
    return () => clearTimeout(timer);
  }, [reload, everyMs, loaded]);
  const { data, error = '' } = loaded.path === path ? loaded : {};
  return { data, error, reload };
}
