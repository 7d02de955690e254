import { type ApiAnswer, type ApiRequest, jsonAnswer } from './crm-api.ts';
import { userEngageError } from './userengage-error.ts';

const pageSize = 100;

/** One page of a list, as Django REST framework numbers them: `{count, next, previous, results}`. */
export function page<T>(
  { path, query, headers }: ApiRequest,
  items: readonly T[],
  view: (item: T) => object,
): ApiAnswer {
  const number = Number(query.get('page') ?? 1);
  const last = Math.max(1, Math.ceil(items.length / pageSize));
  if (!Number.isInteger(number) || number < 1 || number > last) return userEngageError(404, 'Invalid page.');

  const linkTo = (target: number): string | null => {
    if (target < 1 || target > last) return null;
    const link = new URL(path, `http://${headers.host ?? '127.0.0.1'}`);
    link.search = query.toString();
    if (target === 1) link.searchParams.delete('page');
    else link.searchParams.set('page', String(target));
    return link.href;
  };
  return jsonAnswer(200, {
    count: items.length,
    next: linkTo(number + 1),
    previous: linkTo(number - 1),
    results: items.slice((number - 1) * pageSize, number * pageSize).map(view),
  });
}
