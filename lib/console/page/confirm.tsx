import { useEffect, useRef } from 'preact/hooks';

interface ConfirmProps {
  title: string;
  text: string;
  /** What the button says; without it there is nothing to agree to. */
  agree: string | undefined;
  onAgree: () => void;
  onLeave: () => void;
}

/** Asks before something is done. Esc leaves. */
export function Confirm({ title, text, agree, onAgree, onLeave }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby="confirm-title" onClose={onLeave}>
      <article>
        <h2 id="confirm-title">{title}</h2>
        <p>{text}</p>
        <footer class="buttons">
          <button type="button" class="secondary" onClick={onLeave}>
            {agree === undefined ? 'Close' : 'Leave it'}
          </button>
          {agree !== undefined && (
            <button type="button" onClick={onAgree}>
              {agree}
            </button>
          )}
        </footer>
      </article>
    </dialog>
  );
}
