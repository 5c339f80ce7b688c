/** A list is its path and its filters; a page size may change on the way. */
export function listKey(path: string, query: URLSearchParams): string {
  const filters = [...query].filter(([name]) => name !== "limit" && name !== "cursor").sort();
  return JSON.stringify([path, filters]);
}
