/**
 * Runs a task for each item, at most `limit` at once. A fan-out over thousands of items goes through this instead of
 * entering the lane whole: a call's time budget begins when it is its turn, not when the list was made.
 */
export async function forEachAtOnce<Item>(
  items: readonly Item[],
  limit: number,
  task: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const worker = async () => {
    for (const item of queue) await task(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}
