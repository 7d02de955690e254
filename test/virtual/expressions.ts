/** An item, as the document client gives it. */
export type Item = Record<string, unknown>;

export interface Placeholders {
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
}

const tokens = (text: string) => text.match(/<=|>=|<>|[=<>(),+-]|[#:]?[\w.#:]+/g) ?? [];

/** The expressions of DynamoDB that the functions use, on one item. */
class Expression {
  readonly #tokens: string[];
  readonly #item: Item;
  readonly #placeholders: Placeholders;

  constructor(text: string, item: Item | undefined, placeholders: Placeholders) {
    this.#tokens = tokens(text);
    this.#item = item ?? {};
    this.#placeholders = placeholders;
  }

  #path(text: string): string[] {
    return text.split('.').map((name) => this.#placeholders.ExpressionAttributeNames?.[name] ?? name);
  }

  #get(path: readonly string[]): unknown {
    return path.reduce<unknown>((value, name) => (value as Item | undefined)?.[name], this.#item);
  }

  #set(path: readonly string[], value: unknown): void {
    const parent = path.slice(0, -1).reduce<Item>((item, name) => item[name] as Item, this.#item);
    const last = String(path.at(-1));
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }

  #next(expected?: string): string {
    const token = this.#tokens.shift();
    if (token === undefined || (expected !== undefined && token !== expected))
      throw new Error(`Expected ${expected ?? 'more'}, got ${token}`);
    return token;
  }

  #operand(): unknown {
    const token = this.#next();
    if (token === 'if_not_exists') {
      this.#next('(');
      const stored = this.#get(this.#path(this.#next()));
      this.#next(',');
      const fallback = this.#operand();
      this.#next(')');
      return stored ?? fallback;
    }
    if (token.startsWith(':')) return this.#placeholders.ExpressionAttributeValues?.[token];
    return this.#get(this.#path(token));
  }

  #sum(): unknown {
    const value = this.#operand();
    if (this.#tokens[0] !== '+') return value;
    this.#next();
    return Number(value) + Number(this.#operand());
  }

  #primary(): boolean {
    const [first] = this.#tokens;
    if (first === '(') {
      this.#next();
      const value = this.condition();
      this.#next(')');
      return value;
    }
    if (first === 'attribute_exists' || first === 'attribute_not_exists') {
      this.#next();
      this.#next('(');
      const isThere = this.#get(this.#path(this.#next())) !== undefined;
      this.#next(')');
      return isThere === (first === 'attribute_exists');
    }
    const left = this.#operand() as never;
    const operator = this.#next();
    const right = this.#operand() as never;
    if (left === undefined) return false;
    const compared: Record<string, boolean> = {
      '=': left === right,
      '<': left < right,
      '<=': left <= right,
      '>': left > right,
      '>=': left >= right,
    };
    const result = compared[operator];
    if (result === undefined) throw new Error(`Unknown operator ${operator}`);
    return result;
  }

  condition(): boolean {
    let value = this.#primary();
    for (; this.#tokens[0] === 'AND' || this.#tokens[0] === 'OR'; ) {
      const isAnd = this.#next() === 'AND';
      const other = this.#primary();
      value = isAnd ? value && other : value || other;
    }
    return value;
  }

  update(): void {
    const changes: (() => void)[] = [];
    let clause = '';
    while (this.#tokens.length > 0) {
      if (/^(SET|REMOVE|ADD)$/.test(this.#tokens[0] ?? '')) clause = this.#next();
      else this.#next(',');
      const path = this.#path(this.#next());
      if (clause === 'REMOVE') changes.push(() => this.#set(path, undefined));
      else if (clause === 'ADD') {
        const sum = Number(this.#get(path) ?? 0) + Number(this.#operand());
        changes.push(() => this.#set(path, sum));
      } else {
        this.#next('=');
        const value = this.#sum();
        changes.push(() => this.#set(path, value));
      }
    }
    for (const change of changes) change();
  }
}

/** Whether a condition holds for an item; AND and OR are read from left to right, as no expression mixes them unbracketed. */
export function holds(condition: string | undefined, item: Item | undefined, given: Placeholders): boolean {
  return condition === undefined || new Expression(condition, item, given).condition();
}

/** Changes an item in place. */
export function applyUpdate(update: string, item: Item, given: Placeholders): void {
  new Expression(update, item, given).update();
}
