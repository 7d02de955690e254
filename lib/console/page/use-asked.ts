import { useRef, useState } from 'preact/hooks';
import { words } from './server.ts';

/** Something that is asked of the server when somebody wants it, and what came of it in words. */
export interface Asked {
  note: string;
  isWaiting: boolean;
  /**
   * Waits for an answer. Of several questions only the newest is heard: an older one may take longer.
   *
   * @param then gets the answer; a text that it returns is the note
   */
  ask<Answer>(asked: Promise<Answer>, then: (answer: Answer) => unknown): void;
  /** Says something, and hears no answer to what was asked before. */
  tell(note: string): void;
}

export function useAsked(): Asked {
  const turn = useRef(0);
  const [note, setNote] = useState('');
  const [isWaiting, setIsWaiting] = useState(false);
  const tell = (text: string) => {
    turn.current += 1;
    setNote(text);
    setIsWaiting(false);
  };
  return {
    note,
    isWaiting,
    tell,
    ask(asked, then) {
      tell('');
      setIsWaiting(true);
      const mine = turn.current;
      const hear = (told: () => unknown) => {
        if (mine !== turn.current) return;
        const text = told();
        tell(typeof text === 'string' ? text : '');
      };
      void asked.then(
        (answer) => hear(() => then(answer)),
        (reason: unknown) => hear(() => words(reason)),
      );
    },
  };
}
