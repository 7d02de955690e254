import { useState } from 'preact/hooks';

/** Which of some names is chosen: the first one until somebody chooses. Undefined where there are none. */
export function useChosen(
  names: readonly string[],
): [chosen: string | undefined, choose: (name: string) => void] {
  const [chosen, choose] = useState('');
  return [names.includes(chosen) ? chosen : names[0], choose];
}
