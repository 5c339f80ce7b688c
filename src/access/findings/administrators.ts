import type { AccountId } from "../../domain/ids.js";
import type { AccessIndex } from "../index/AccessIndex.js";
import { Bitmap } from "../index/store/Bitmap.js";
import { firstClass, firstGroup } from "../index/store/Holders.js";
import type { Steps } from "../index/store/slices.js";
import { SiteScan, surely } from "./SiteScan.js";

const everybody: ReadonlySet<string> = new Set(["anonymous-users", "authenticated-users", "all-licensed-users"]);

/** Rows that one step looks at at most. */
const rowsAtOnce = 65_536;

/** Active people who administer spaces, and whether everybody does somewhere. */
export interface Administrators {
  /** In the order of ids; those who do by a class of everybody are not among them. */
  readonly accountIds: readonly AccountId[];
  readonly isEverybody: boolean;
}

const foundIn = new WeakMap<AccessIndex, { readonly generation: number; readonly found: Administrators }>();

/** Who surely administers a space by a grant of their own, of a group or of the class of administrators; once after each change. */
export function* findAdministrators(index: AccessIndex): Steps<Administrators> {
  const { generation } = index;
  const known = foundIn.get(index);
  if (known?.generation === generation) return known.found;
  const holders = new Set<number>();
  // What is gone keeps its number, so that spaces stay where they are between two steps.
  for (let space = 1; space < index.view().tables.spaces.ids.size; ) {
    const scan = new SiteScan(index.view());
    const { spaces } = scan.view.tables;
    for (let rows = 0; space < spaces.ids.size && rows < rowsAtOnce; space += 1) {
      if (!spaces.inUse.has(space)) continue;
      const held = spaces.holdings.rowsOf(space);
      rows += held.length / 2 + 1;
      for (let at = 0; at < held.length; at += 2)
        if (scan.factsOf(held[at + 1] ?? 0).administers === surely) holders.add(held[at] ?? 0);
    }
    yield;
  }
  const found = tell(index, holders);
  foundIn.set(index, { generation: index.generation === generation ? generation : 0, found });
  return found;
}

function tell(index: AccessIndex, holders: ReadonlySet<number>): Administrators {
  const scan = new SiteScan(index.view());
  const { sets, tables } = scan.view;
  const { accounts, groups } = tables;
  const all = new Bitmap(sets.words * 32);
  let isEverybody = false;
  for (const holder of holders) {
    if (holder < firstGroup) all.add(holder);
    else if (holder < firstClass) groups.nesting.addMembersTo(all, holder - firstGroup);
    else if (tables.holders.classNameOf(holder) === "all-product-admins") all.addAll(sets.administrators.sure);
    else if (everybody.has(tables.holders.classNameOf(holder))) isEverybody = true;
  }
  const accountIds = [...accounts.ids.order.slice(0, accounts.ids.length)]
    .filter((account) => all.has(account) && ((scan.people.sure[account >>> 5] ?? 0) & (1 << (account & 31))) !== 0)
    .map((account) => accounts.ids.keyOf(account) as AccountId);
  return { accountIds, isEverybody };
}
