/**
 * ISO 8601 as databases and programming languages write it: a date, a clock after `T` or spaces, a fraction, a zone. Basic and
 * extended format, and `+02` as PostgreSQL has it. Behind an offset may stand the name of its zone, as in RFC 9557.
 *
 * https://www.rfc-editor.org/rfc/rfc9557
 */
const grammar =
  /^(?<day>\d{4}(?<dash>-?)\d\d\k<dash>\d\d)(?:(?:T|\s+)(?<hour>\d\d)(?::?(?<minute>\d\d)(?::?(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?)?\s*(?:(?<zone>Z|UTC|GMT|(?<sign>[+\u2212-])(?<hours>\d\d)(?::?(?<minutes>\d\d)(?::?(?<seconds>\d\d))?)?)(?:\[[^\]]+\])?)?)?$/i;

/** A day as it is written, and the moment in UTC. */
export interface IsoTime {
  /** `YYYY-MM-DD`. */
  day: string;
  /** `YYYY-MM-DDTHH:MM:SS.mmmZ`; midnight of a day alone. */
  instant: string;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Milliseconds of a clock, or undefined when no clock shows it. 24:00 is the end of a day, a leap second the next minute. */
function clockMs(hour = '0', minute = '0', second = '0', fraction = ''): number | undefined {
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  const ms = ((h * 60 + m) * 60 + s) * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3));
  return m <= 59 && s <= 60 && ms <= dayMs ? ms : undefined;
}

/** Midnight in UTC. 2026-02-30 is written like a date and is none. */
function midnight(day: string): number | undefined {
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day) ? time : undefined;
}

/** Reads an ISO date, or date and time; without a zone it is UTC. Undefined for anything else. The text is short already. */
export function isoTime(text: string): IsoTime | undefined {
  const written = grammar.exec(text)?.groups;
  if (!written) return undefined;
  const { hour, minute, second, fraction, sign, hours, minutes, seconds } = written;
  const day = (written['day'] ?? '').replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
  const [date, clock, offset] = [
    midnight(day),
    clockMs(hour, minute, second, fraction),
    clockMs(hours, minutes, seconds),
  ];
  if (date === undefined || clock === undefined || offset === undefined || offset === dayMs) return undefined;
  const instant = new Date(date + clock - (sign === '+' ? offset : -offset)).toISOString();
  // A zone may lead out of the years of four digits.
  return instant.length === '2026-01-31T00:00:00.000Z'.length ? { day, instant } : undefined;
}
