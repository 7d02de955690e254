import type { Services } from '../../functions/runtime/services.ts';
import { applyUpdate, holds, type Item, type Placeholders } from './expressions.ts';

interface Target extends Placeholders {
  Key?: Item;
  Item?: Item;
  ConditionExpression?: string;
  UpdateExpression?: string;
  ReturnValues?: string;
}

const nameOf = ({ pk, sk }: Item) => `${String(pk)} ${String(sk)}`;
const failure = (name: string, more: object = {}) => Object.assign(new Error(name), { name, ...more });

/**
 * A table in memory that answers at once, for tests in virtual time with thousands of calls. It knows the commands and
 * expressions that the functions use; that they do the same on DynamoDB is what all other tests show.
 */
export class MemoryTable {
  readonly items = new Map<string, Item>();
  /** Told of every write to an item. */
  onWrite: (key: string) => void = () => undefined;

  readonly documents = {
    send: (command: { input: unknown }) =>
      Promise.resolve().then(() => this.#run(command.constructor.name, command.input as never)),
  } as unknown as Services['documents'];

  #read(key: Item): Item | undefined {
    const item = this.items.get(nameOf(key));
    return item && structuredClone(item);
  }

  #write(target: Target): Item | undefined {
    const name = nameOf(target.Key ?? target.Item ?? {});
    this.onWrite(name);
    const before = this.items.get(name);
    if (!holds(target.ConditionExpression, before, target)) throw failure('ConditionalCheckFailedException');
    if (target.Item) this.items.set(name, structuredClone(definedOf(target.Item)));
    else if (target.UpdateExpression !== undefined) {
      const after = structuredClone(before ?? { ...target.Key });
      applyUpdate(target.UpdateExpression, after, target);
      this.items.set(name, after);
    } else this.items.delete(name);
    return target.ReturnValues === 'ALL_OLD' ? before : undefined;
  }

  #transact(targets: readonly { Put?: Target; Update?: Target; Delete?: Target; ConditionCheck?: Target }[]) {
    const codes = targets.map(({ Put, Update, Delete, ConditionCheck }) => {
      const target = Put ?? Update ?? Delete ?? ConditionCheck ?? {};
      const stored = this.items.get(nameOf(target.Key ?? target.Item ?? {}));
      return { Code: holds(target.ConditionExpression, stored, target) ? 'None' : 'ConditionalCheckFailed' };
    });
    if (codes.some(({ Code }) => Code !== 'None'))
      throw failure('TransactionCanceledException', { CancellationReasons: codes });
    for (const { Put, Update, Delete } of targets) {
      const target = Put ?? Update ?? Delete;
      if (target) this.#write(target);
    }
  }

  #run(name: string, input: Target & { RequestItems: Record<string, { Keys: Item[] }>; TransactItems: [] }) {
    if (name === 'GetCommand') return { Item: this.#read(input.Key ?? {}) };
    if (name === 'BatchGetCommand') {
      const tables = Object.entries(input.RequestItems).map(([table, { Keys }]) => [
        table,
        Keys.flatMap((key) => this.#read(key) ?? []),
      ]);
      return { Responses: Object.fromEntries(tables) };
    }
    if (name === 'TransactWriteCommand') return this.#transact(input.TransactItems);
    if (['PutCommand', 'UpdateCommand', 'DeleteCommand'].includes(name)) {
      return { Attributes: this.#write(input) };
    }
    throw new Error(`The table in memory knows no ${name}.`);
  }
}

/** The document client leaves out what is undefined. */
function definedOf(item: Item): Item {
  const defined = Object.entries(item).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    defined.map(([name, value]) => [name, isPlain(value) ? definedOf(value as Item) : value]),
  );
}

const isPlain = (value: unknown) =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
