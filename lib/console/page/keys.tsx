import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { path } from './address.ts';
import { Confirm } from './confirm.tsx';
import { list, moveCurrent, openCurrent, opened } from './line-list.tsx';

const isHelpOpen = signal(false);

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches('input, textarea, select');

const move = (by: number) => list.scrollTo?.(moveCurrent(by));

/** Key → what it does, on the page with the lines. */
const ofList: Readonly<Record<string, () => void>> = {
  j: () => move(1),
  k: () => move(-1),
  Enter: openCurrent,
  Escape: () => {
    opened.value = undefined;
  },
};

function pressed(event: KeyboardEvent): void {
  // A dialog has the keys for itself.
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
  const { key, target } = event;
  if (isTyping(target)) {
    if (key === 'Escape' && target instanceof HTMLElement) target.blur();
    return;
  }
  if (key === '/') {
    event.preventDefault();
    document.getElementById('search')?.focus();
  } else if (key === '?') isHelpOpen.value = true;
  else if (path.value === '/' && Object.hasOwn(ofList, key)) {
    // Buttons and links have Enter for themselves.
    if (key === 'Enter' && target instanceof HTMLElement && target.matches('button, a, summary')) return;
    event.preventDefault();
    ofList[key]?.();
  }
}

/** The keys, and the list of them. */
export function Keys() {
  useEffect(() => {
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
  if (!isHelpOpen.value) return null;
  const close = () => {
    isHelpOpen.value = false;
  };
  const text = '/ searches. j and k go down and up the lines, Enter opens one, Esc closes it. ? shows this.';
  return <Confirm title="Keys" text={text} agree={undefined} onAgree={close} onLeave={close} />;
}
