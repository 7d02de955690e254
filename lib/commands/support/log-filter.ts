import { loggedIds } from '../../../functions/runtime/log.ts';
import type { LoggedLine } from '../../dev/short-line.ts';

/** Which log lines are wanted: field of the line → the values it may have. No fields, all lines. */
export type LogFilter = Readonly<Record<string, readonly string[]>>;

/** What the filters of `usher logs` are given as. */
export interface FilterOptions {
  contact?: string;
  user?: string;
  request?: string;
  result?: string;
  connection?: string;
}

/**
 * The filter that options ask for. A contact is looked for as the log spells it, which may be its digest.
 *
 * @param spellings the contact's id as the CRMs spell it
 */
export function logFilter(options: FilterOptions, spellings: readonly string[]): LogFilter {
  const { user, request, result, connection } = options;
  const only = (value: string | undefined) => (value === undefined ? [] : [value]);
  const fields: Record<string, readonly string[]> = {
    contact_id: [...new Set(spellings.flatMap(loggedIds))],
    user_id: only(user),
    request_id: only(request),
    result: only(result),
    connection: only(connection),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, values]) => values.length > 0));
}

/** Whether a line is wanted. */
export function matches(line: LoggedLine, filter: LogFilter): boolean {
  return Object.entries(filter).every(([field, values]) => values.includes(String(line[field])));
}

/**
 * The filter in CloudWatch's own words. Only what the function's logger wrote has a level; its metrics and the platform's
 * lines have none.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForJSON.html
 */
export function filterPattern(filter: LogFilter): string {
  const equal = (field: string, value: string) => `($.${field} = ${JSON.stringify(value)})`;
  const wanted = Object.entries(filter).map(([field, values]) =>
    values.length === 1 && values[0] !== undefined
      ? equal(field, values[0])
      : `(${values.map((value) => equal(field, value)).join(' || ')})`,
  );
  return `{ ${[equal('level', '*'), ...wanted].join(' && ')} }`;
}
