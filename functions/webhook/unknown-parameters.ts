import type { Payload } from './body.ts';
import { isAddressed, namesIn, parameterNames } from './parameters.ts';

/** What of a name matters to somebody who types it: `sendNotification`, `send-notification` and `Send_Notification` are one. */
const gist = (name: string) => name.toLowerCase().replace(/[-_ .]/g, '');
const known = new Set<string>(parameterNames);
const gists = new Set(parameterNames.map(gist));

/** A name as people write them, and brackets behind it. What stands in these may be anything, and goes nowhere. */
const written = /^(?<word>[a-z][a-z_. -]{0,39})(?<brackets>\[[^\]]*\])?$/i;

/** The name of a parameter that looks like ours and is none, as a warning may show it. */
function almostKnown(name: string): string | undefined {
  const { word, brackets } = written.exec(name.trim())?.groups ?? {};
  if (word === undefined || known.has(name) || !gists.has(gist(word))) return undefined;
  return brackets === undefined ? word : `${word}[]`;
}

/** Names of parameters that Usher does not have, and that somebody may believe it has: each once. */
export function unknownParameters(query: URLSearchParams, payload: Payload): string[] {
  const names = [...query.keys(), ...(isAddressed(payload) ? namesIn(payload) : [])];
  return [...new Set(names.map(almostKnown))].filter((name) => name !== undefined);
}
