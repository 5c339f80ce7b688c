import type { Gap } from "../domain/Complete.js";
import type { AccessFacts } from "./AccessFacts.js";
import { evaluateVerdict } from "./evaluateVerdict.js";

/** An operation that no grant names: whoever may hold it, may hold anything. */
const unnamed = { key: "", target: "" };

/** Why an account may have operations in a space that no known grant names; none where it surely has not. */
export function operationsUnread(facts: AccessFacts): readonly Gap[] {
  return evaluateVerdict(facts, unnamed).gaps;
}
