import { expect } from "vitest";
import type { Stack } from "../support/startStack.js";

type Asked = Pick<Stack, "query">;

const fresh = { "cache-control": "no-cache" };

export interface ShownPage {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly key: unknown } }[];
  readonly nodes: readonly { readonly key: unknown }[];
  readonly totalCount: number | null;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** A list of the graph: the fields that lead to it, its name, and what tells its items apart. */
export interface List {
  readonly parents: readonly string[];
  readonly field: string;
  readonly args?: string;
  readonly key: string;
}

/** One page of a list; a query that fails fails the test. */
export async function readPage(
  stack: Asked,
  { parents, field, args = "", key }: List,
  page: { first: number; after?: string | null },
  headers: Readonly<Record<string, string>> = {},
): Promise<ShownPage> {
  const inner = `list: ${field}(first: $first, after: $after ${args}) {
    edges { cursor node { key: ${key} } } nodes { key: ${key} } totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`;
  const nested = parents.reduceRight((selection, parent) => `parent: ${parent} { ${selection} }`, inner);
  const { data, errors } = await stack.query(`query ($first: Int!, $after: String) { ${nested} }`, page, headers);
  expect(errors).toBeUndefined();
  let holder = data;
  while (holder.list === undefined) holder = Array.isArray(holder.parent) ? holder.parent[0] : holder.parent;
  return holder.list;
}

/** What tells the items of a page apart, in their order. */
export const keysOf = (page: ShownPage) => page.nodes.map(keyOf);

/** A key may lie below the item: `account { accountId }`. */
export const keyOf = ({ key }: { readonly key: unknown }): string =>
  typeof key === "string" ? key : JSON.stringify(key);

/** The keys of a whole list, page by page; `between` runs before each page but the first. */
export async function walk(
  stack: Asked,
  list: List,
  first: number,
  between?: (pagesRead: number, seen: readonly string[]) => Promise<void>,
): Promise<string[]> {
  const seen: string[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < 100; pages += 1) {
    if (pages > 0) await between?.(pages, seen);
    const page = await readPage(stack, list, { first, after }, between === undefined ? {} : fresh);
    seen.push(...keysOf(page));
    expect(page.edges.map(({ node }) => keyOf(node))).toEqual(keysOf(page));
    expect(page.pageInfo.startCursor).toBe(page.edges[0]?.cursor ?? null);
    expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor ?? null);
    expect(page.pageInfo.hasPreviousPage).toBe(pages > 0);
    if (!page.pageInfo.hasNextPage) return seen;
    expect(page.nodes).toHaveLength(first);
    after = page.pageInfo.endCursor;
  }
  throw new Error("the list does not end");
}
