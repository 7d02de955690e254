import { useEffect, useState } from 'preact/hooks';
import { Copy } from './copy.tsx';
import { useAsked } from './use-asked.ts';

/** How long a secret stays on the screen, in milliseconds. */
const shownMs = 30_000;

/** A text with a secret in it, which is asked for, shown for half a minute and then forgotten. */
export function Secret({ masked, reveal }: { masked: string; reveal: () => Promise<string> }) {
  const [shown, setShown] = useState<string | undefined>(undefined);
  const { note, ask } = useAsked();
  useEffect(() => {
    if (shown === undefined) return;
    const timer = setTimeout(() => setShown(undefined), shownMs);
    return () => clearTimeout(timer);
  }, [shown]);
  return (
    <span class="secret">
      <code>{shown ?? masked}</code>
      <span class="buttons">
        <button
          type="button"
          class="small"
          onClick={() => (shown === undefined ? ask(reveal(), setShown) : setShown(undefined))}
        >
          {shown === undefined ? 'Show' : 'Hide'}
        </button>
        <Copy text={() => shown ?? reveal()} />
      </span>
      <small role="status">{note}</small>
    </span>
  );
}
