import type { Filters } from "./readFilters.js";

/** What a list is: its name and its filters, whatever their order. `expand` and the page size may change on the way. */
export function listKeyOf(name: string, { lists, searchTerm }: Filters): string {
  const filters = [...lists]
    .filter(([key]) => key !== "expand")
    .map(([key, values]) => [key, [...values].sort()] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([name, filters, searchTerm ?? null]);
}
