import { type Operation, operationName, readSpace } from "../../domain/Operation.js";

/** What comes and goes with an operation, unasked (2026-11-20, test "a permission and its companions"). */
const leaders: Readonly<Record<string, string>> = {
  "export_content/space": operationName(readSpace),
  "update/page": "create/page",
};

/** The operation that brings this one with it, and takes it away again; `null` when none does. */
function leaderOf(operation: Operation): string | null {
  return leaders[operationName(operation)] ?? null;
}

/** True when one operation comes and goes with another. */
export function isCompanionOf(operation: Operation, leader: Operation): boolean {
  return leaderOf(operation) === operationName(leader);
}

/** Leaves out what comes or goes with another one of them: asking for it as well would be refused. */
export function withoutCompanions<Item>(items: readonly Item[], operationOf: (item: Item) => Operation): Item[] {
  const names = new Set(items.map((item) => operationName(operationOf(item))));
  return items.filter((item) => !names.has(leaderOf(operationOf(item)) ?? ""));
}

/** What is granted along with an operation where the site grants companions. */
export function companionsOf(leader: Operation): Operation[] {
  return Object.entries(leaders).flatMap(([name, leaderName]) => {
    const [key, target] = name.split("/");
    return leaderName === operationName(leader) && key !== undefined && target !== undefined ? [{ key, target }] : [];
  });
}
