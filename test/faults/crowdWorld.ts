import { cloudWorld, human } from "../support/worlds.js";

/** A group whose member list takes three pages of 200, and one of three people that is always whole. */
export const crowd = { id: "g-crowd", size: 450, pageSize: 200 } as const;

export function crowdWorld(): { cloud: Record<string, unknown> } {
  const accounts = Array.from({ length: crowd.size }, (_, index) => human(index + 1));
  return cloudWorld({
    accounts,
    groups: [
      { id: crowd.id, name: "Crowd", members: accounts.map(({ accountId }) => accountId) },
      { id: "g-small", name: "Small", members: [1, 2, 3].map((number) => human(number).accountId) },
    ],
  });
}
