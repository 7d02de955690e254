/** Where a command writes: results to `out`, everything else to `err`. */
export interface Terminal {
  out: (line: string) => void;
  err: (line: string) => void;
  /** Shows a line that whatever comes next replaces; undefined when stderr is no terminal. */
  rewrite?: ((line: string) => void) | undefined;
  /** Asks for one line; undefined when nobody sits at the keyboard. */
  ask?: ((question: string) => Promise<string>) | undefined;
  /** As `ask`, but what is typed is not shown. */
  askSecret?: ((question: string) => Promise<string>) | undefined;
  /** All that was piped in. */
  input: () => Promise<string>;
  now: () => Date;
}

/** What a command ends with. docs/cli.md lists the codes. */
export const exitCodes = { ok: 0, failed: 1, usage: 2 } as const;

/** A command cannot go on for a reason its caller can see to; shown as it is, without a stack trace. */
export class CommandError extends Error {
  override name = 'CommandError';
}

/** The command does not say enough: as if its options had not been understood. */
export class WrongUsage extends CommandError {
  override name = 'WrongUsage';
}

/**
 * JSON for a terminal, its values unchanged: JSON leaves some control characters and everything invisible as it is.
 * What stands between values may be line breaks.
 */
export function printableJson(json: string): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return json.replace(/(?![\t\n\r])[\p{Cc}\p{Cf}]/gu, (character) =>
    character.split('').map(escaped).join(''),
  );
}

/** Text from a CRM for a terminal: control characters could move the cursor or fake a line. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) =>
    character === '\u200D' ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
