import type { ChangeFaultCode } from "../domain/ChangeFault.js";
import type { Plan } from "./Plan.js";

/** A plan that there is none. */
export function refuse(code: ChangeFaultCode, field: readonly string[], message: string): Plan {
  return { kind: "refused", fault: { code, field, message } };
}
