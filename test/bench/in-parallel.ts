/**
 * Works through items, so many at once, and resolves to the results in the items' order.
 *
 * @param untilMs after this time nothing more is begun: a slow machine does less, and takes no longer
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  concurrency: number,
  untilMs: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const end = performance.now() + untilMs;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (performance.now() < end) {
        const { value, done } = queue.next();
        if (done) return;
        const [index, item] = value;
        results[index] = await work(item);
      }
    }),
  );
  return results;
}
