interface ParsedRoute<Answer> {
  method: string;
  path: RegExp;
  /** Of the path, in their order. */
  variables: readonly string[];
  /** Pairs that have to be there; a value `{name}` may be any. */
  query: readonly (readonly [name: string, value: string])[];
  answer: Answer;
}

/** What a request comes to, and the variables of its path and query. */
export interface FoundRoute<Answer> {
  answer: Answer;
  values: Record<string, string>;
}

const variable = /\{(\w+)\}/g;

/** Reads routes (`GET contacts/{id}?email={email}`) once. Answers what finds the first that fits a request. */
export function createRouter<Answer>(
  basePath: string,
  routes: Readonly<Record<string, Answer>>,
): (method: string, path: string, query?: URLSearchParams) => FoundRoute<Answer> | undefined {
  const base = basePath.endsWith('/') ? basePath : `${basePath}/`;
  const parsed = Object.entries(routes).map(([key, answer]) => parseRoute(key, base, answer));
  return (method, path, query = new URLSearchParams()) => {
    for (const route of parsed) {
      const values = route.method === method ? valuesOf(route, path, query) : undefined;
      if (values) return { answer: route.answer, values };
    }
    return undefined;
  };
}

function parseRoute<Answer>(key: string, base: string, answer: Answer): ParsedRoute<Answer> {
  const [, method = '', path = '', query = ''] = /^(\S+) ([^?]*)\??(.*)$/.exec(key) ?? [];
  const whole = path.startsWith('/') ? path : `${base}${path}`;
  const literals = whole.split(variable).filter((_, index) => index % 2 === 0);
  return {
    method,
    path: new RegExp(`^${literals.map(escaped).join('([^/]+)')}$`),
    variables: [...whole.matchAll(variable)].map(([, name = '']) => name),
    query: [...new URLSearchParams(query)],
    answer,
  };
}

function valuesOf(
  { path, variables, query: wanted }: ParsedRoute<unknown>,
  given: string,
  query: URLSearchParams,
): Record<string, string> | undefined {
  const match = path.exec(given);
  if (!match) return undefined;
  const values: Record<string, string> = {};
  for (const [index, name] of variables.entries()) values[name] = decoded(match[index + 1] ?? '');
  for (const [name, value] of wanted) {
    const sent = query.get(name);
    if (sent === null) return undefined;
    const [, inBraces] = /^\{(\w+)\}$/.exec(value) ?? [];
    if (inBraces !== undefined) values[inBraces] = sent;
    else if (sent !== value) return undefined;
  }
  return values;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
