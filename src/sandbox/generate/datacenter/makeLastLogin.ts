import type { Random } from "../../random/Random.js";
import type { DataCenterUser } from "../../world/World.js";

const dayMs = 86_400_000;

/** When a user was last there: some never, some long ago, whoever may not come any more long ago at best. */
export function makeLastLogin(random: Random, status: DataCenterUser["status"]): Pick<DataCenterUser, "lastLogin"> {
  if (random.isLikely(0.1)) return {};
  const isLongAgo = status !== "current" || random.isLikely(0.15);
  const days = isLongAgo ? 91 + random.below(900) : random.below(60);
  // Counted back from one fixed moment: a world must be the same whenever it is made.
  const at = Date.UTC(2026, 10, 20, 18) - days * dayMs - random.below(600) * 60_000;
  return { lastLogin: new Date(at).toISOString() };
}
