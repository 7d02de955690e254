import { DeadLetters } from './dead-letters.tsx';
import { Replays } from './replays.tsx';
import { SlowedConnections } from './slowed-connections.tsx';

/** What is tried again, and what could be. */
export function AgainPage() {
  return (
    <>
      <h1>Again</h1>
      <SlowedConnections />
      <DeadLetters />
      <Replays />
    </>
  );
}
