import { expect } from "vitest";
import type { DataCenterStack } from "../support/startDataCenterStack.js";

interface WholeList {
  /** The field that the list is below, where it is not a root. */
  readonly parent?: string;
  readonly args?: string;
  readonly selection: string;
  readonly first: number;
}

/** Every item of a list, page by page. Whatever is not whole on the way, a list within an item included, fails the test. */
export async function readWholeList<Item>(
  { query }: Pick<DataCenterStack, "query">,
  field: string,
  { parent, args = "", selection, first }: WholeList,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let after: string | null = null;
  do {
    const list = `list: ${field}(first: $first, after: $after, ${args}) {
      totalCount completeness { isComplete gaps { missing reason } }
      pageInfo { hasNextPage endCursor } nodes { ${selection} }
    }`;
    const { data, errors } = await query(
      `query ($first: Int!, $after: String) { ${parent === undefined ? list : `parent: ${parent} { ${list} }`} }`,
      { first, after },
    );
    expect(errors).toBeUndefined();
    const page = parent === undefined ? data.list : data.parent.list;
    expect(page.completeness).toEqual({ isComplete: true, gaps: [] });
    // As a text: an answer may be megabytes.
    expect(JSON.stringify(page).includes('"isComplete":false')).toBe(false);
    items.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) expect(page.totalCount).toBe(items.length);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return items;
}
