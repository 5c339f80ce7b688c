import type { Provenance } from "../../record/ChangeRecord.js";
import type { GraphContext } from "../GraphContext.js";
import type { ProvenanceInput } from "../inputs/ProvenanceInput.js";

/** Who asks and why, for the audit. */
export function provenanceOf(context: GraphContext, input: ProvenanceInput): Provenance {
  return {
    requestId: context.requestId,
    caller: context.caller,
    callerRequestId: input.requestId ?? null,
    requestedBy: context.requestedBy,
    reason: input.reason ?? null,
  };
}
