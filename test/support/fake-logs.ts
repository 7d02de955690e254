/** An event of a CloudWatch log group. */
export interface LogEvent {
  eventId: string;
  /** Milliseconds since 1970. */
  timestamp: number;
  message: string;
}

interface Request {
  logGroupName: string;
  filterPattern?: string;
  startTime?: number;
  nextToken?: string;
}

/** Small, so that a test with a handful of events has pages. */
export const smallPage = 2;

/** `( ) && ||`, and `$.field = "value"`, in which `*` stands for any text. */
const token = /\s*(?:(\(|\)|&&|\|\|)|\$\.(\w+)\s*=\s*("(?:[^"\\]|\\.)*"))/y;

function tokensOf(pattern: string): { operator?: string | undefined; field?: string; value?: string }[] {
  const [, expression = ''] = /^\{(.*)\}$/s.exec(pattern) ?? [];
  const tokens = [];
  token.lastIndex = 0;
  for (let end = 0; expression.slice(end).trim() !== ''; end = token.lastIndex) {
    const match = token.exec(expression);
    if (!match) throw new Error(`Invalid filter pattern: ${pattern}`);
    const [, operator, field, value] = match;
    tokens.push(field && value ? { field, value: JSON.parse(value) as string } : { operator });
  }
  return tokens;
}

/**
 * Whether a JSON pattern matches a message, as far as `usher logs` uses them: `=` on texts, `&&` before `||`, parentheses.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForJSON.html
 */
export function matchesPattern(pattern: string, message: string): boolean {
  let line: Record<string, unknown>;
  try {
    line = JSON.parse(message) as Record<string, unknown>;
  } catch {
    return false;
  }
  const tokens = tokensOf(pattern);
  const take = (operator: string) => tokens[0]?.operator === operator && tokens.shift() !== undefined;
  const term = (): boolean => {
    if (take('(')) {
      const inner = either();
      if (!take(')')) throw new Error(`Invalid filter pattern: ${pattern}`);
      return inner;
    }
    const { field, value } = tokens.shift() ?? {};
    if (field === undefined || value === undefined) throw new Error(`Invalid filter pattern: ${pattern}`);
    const actual = line[field];
    return typeof actual === 'string' && (value === '*' || actual === value);
  };
  const both = (): boolean => {
    let result = term();
    while (take('&&')) result = term() && result;
    return result;
  };
  const either = (): boolean => {
    let result = both();
    while (take('||')) result = both() || result;
    return result;
  };
  const result = either();
  if (tokens.length > 0) throw new Error(`Invalid filter pattern: ${pattern}`);
  return result;
}

/** Answers FilterLogEvents, page by page. The first page of several is empty, which is no end. */
export function filterLogEvents(request: Request, all: readonly LogEvent[], pageSize = smallPage): object {
  const { filterPattern, startTime = 0, nextToken } = request;
  const found = all
    .filter(({ timestamp }) => timestamp >= startTime)
    .filter(({ message }) => filterPattern === undefined || matchesPattern(filterPattern, message));
  if (nextToken === undefined && found.length > pageSize) return { events: [], nextToken: '0' };
  const start = Number(nextToken ?? 0);
  const end = start + pageSize;
  return {
    events: found.slice(start, end).map((event) => ({ ...event, logStreamName: 'stream' })),
    ...(end < found.length ? { nextToken: String(end) } : {}),
  };
}
