import type { AccessFacts } from "../../access/AccessDecision.js";
import type { Gap } from "../../domain/Complete.js";
import type { GraphContext } from "../schema/GraphContext.js";

const unheard: Gap = {
  missing: "changes that the caller knows of",
  kind: "ReadIncomplete",
  reason:
    "The position that was presented tells of changes that this process has not heard of, and this is answered from what it keeps of the whole site. Ask again in some seconds, or the process that made the change.",
  call: null,
  retryAfterMs: null,
};
const nothingUnheard: readonly Gap[] = [];

/**
 * What an answer out of the index lacks, or may hold too much of, whatever the index says: nobody could tell what to read again. With
 * any, nothing that is told out of it is sure, neither that somebody can do something nor that they cannot.
 */
export function unheardBy({ mayBeBehind }: Pick<GraphContext, "mayBeBehind">): readonly Gap[] {
  return mayBeBehind ? [unheard] : nothingUnheard;
}

/** What the space was read as may have changed: nothing about it is decided by what is known. */
export function unsureOf(facts: AccessFacts, gaps: readonly Gap[]): AccessFacts {
  if (gaps.length === 0) return facts;
  const { space } = facts;
  const statusGaps = [...gaps, ...space.statusGaps];
  return { ...facts, space: { ...space, status: "UNKNOWN", statusGaps, grantGaps: [...gaps, ...space.grantGaps] } };
}
