import { type Acknowledgement, acknowledgements, type ChangeFault } from "../../domain/Change.js";
import type { Provenance } from "../../record/ChangeRecord.js";
import type { ProvenanceInput } from "../inputs/ProvenanceInput.js";
import type { GraphContext } from "../schema/GraphContext.js";

type Acknowledging = Readonly<Record<Acknowledgement, boolean>>;

/** Who asks and why, for the audit. */
export function provenanceOf(context: GraphContext, input: ProvenanceInput & Partial<Acknowledging>): Provenance {
  const acknowledged = acknowledgements.filter((name) => input[name] === true);
  return {
    ...(acknowledged.length === 0 ? {} : { acknowledged }),
    requestId: context.requestId,
    caller: context.caller,
    callerRequestId: input.requestId ?? null,
    requestedBy: context.requestedBy,
    reason: input.reason ?? null,
  };
}

/** How many characters the record takes of what callers say. */
const longest = { reason: 1_000, requestId: 200, requestedBy: 200 } as const;

/** What is wrong with what a caller says of itself; nothing is cut off, because the record would tell something else. */
export function faultOf({ callerRequestId, requestedBy, reason }: Provenance): ChangeFault | null {
  if ((reason?.length ?? 0) > longest.reason) {
    return tooLong(["reason"], `A reason has at most ${longest.reason} characters.`);
  }
  if (callerRequestId !== null && (callerRequestId.trim() === "" || callerRequestId.length > longest.requestId)) {
    return tooLong(["requestId"], `A requestId has 1 to ${longest.requestId} characters.`);
  }
  if ((requestedBy?.length ?? 0) > longest.requestedBy) {
    return tooLong([], `The header X-Requested-By has at most ${longest.requestedBy} characters.`);
  }
  return null;
}

function tooLong(field: readonly string[], message: string): ChangeFault {
  return { code: "INVALID_INPUT", field, message };
}
