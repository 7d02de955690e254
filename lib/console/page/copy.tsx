import { useAsked } from './use-asked.ts';

/** Copies a text, which may have to be fetched first. */
export function Copy({ text }: { text: () => string | Promise<string> }) {
  const { note, ask } = useAsked();
  const copy = async () => navigator.clipboard.writeText(await text());
  return (
    <>
      <button type="button" class="small" onClick={() => ask(copy(), () => 'Copied.')}>
        Copy
      </button>
      <small role="status">{note}</small>
    </>
  );
}
