import { cloudWorld, human } from "../support/worlds.js";

/** How large the world is, in the words of its tests. */
export const membershipWorldFacts = {
  groups: 210,
  groupPages: 2,
  accounts: 450,
  /** Everyone is in the first group, which takes three pages of 200. */
  crowdPages: 3,
  crowdId: "group-001",
} as const;

/** 210 groups and 450 accounts: both beyond one page. Everyone is in the first group; the others hold two people each. */
export function membershipWorld(): { cloud: Record<string, unknown> } {
  const { groups, accounts: count } = membershipWorldFacts;
  const accounts = Array.from({ length: count }, (_, index) => human(index + 1));
  const idOf = (index: number) => accounts[index % count]?.accountId ?? "";
  return cloudWorld({
    accounts,
    groups: Array.from({ length: groups }, (_, index) => ({
      id: `group-${String(index + 1).padStart(3, "0")}`,
      name: `Group ${String(index + 1).padStart(3, "0")}`,
      members: index === 0 ? accounts.map(({ accountId }) => accountId) : [idOf(2 * index), idOf(2 * index + 1)],
    })),
  });
}
