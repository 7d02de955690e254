import { useEffect, useState } from 'preact/hooks';
import { words } from './server.ts';

/** How long a secret stays on the screen, in milliseconds. */
const shownMs = 30_000;

/** A text with a secret in it, which is asked for, shown for half a minute and then forgotten. */
export function Secret({ masked, reveal }: { masked: string; reveal: () => Promise<string> }) {
  const [shown, setShown] = useState<string | undefined>(undefined);
  const [note, setNote] = useState('');
  useEffect(() => {
    if (shown === undefined) return;
    const timer = setTimeout(() => setShown(undefined), shownMs);
    return () => clearTimeout(timer);
  }, [shown]);
  const fetchIt = async () => {
    try {
      return await reveal();
    } catch (error) {
      setNote(words(error));
      return undefined;
    }
  };
  const copy = async () => {
    const text = shown ?? (await fetchIt());
    if (text === undefined) return;
    await navigator.clipboard.writeText(text);
    setNote('Copied.');
  };
  return (
    <span class="secret">
      <code>{shown ?? masked}</code>
      <span class="buttons">
        <button
          type="button"
          class="small"
          onClick={() => (shown === undefined ? void fetchIt().then(setShown) : setShown(undefined))}
        >
          {shown === undefined ? 'Show' : 'Hide'}
        </button>
        <button type="button" class="small" onClick={() => void copy()}>
          Copy
        </button>
      </span>
      <small role="status">{note}</small>
    </span>
  );
}
