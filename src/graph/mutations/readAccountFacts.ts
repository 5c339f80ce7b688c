import type { ChangeFault } from "../../domain/Change.js";
import type { AccountFacts } from "../../provisioning/accounts/dataCenterUpdate.js";
import type { UpdateAccountInput } from "../inputs/UpdateAccountInput.js";
import { checkFullName } from "./checkFullName.js";
import { fault } from "./readChange.js";
import { readEmail } from "./readEmail.js";
import { readShortText } from "./readShortText.js";

/** Reads what an account shall be; or everything that is wrong with the input. */
export function readAccountFacts(
  input: UpdateAccountInput,
): AccountFacts | { readonly faults: readonly ChangeFault[] } {
  const faults: ChangeFault[] = [];
  const displayName = readShortText(input.displayName, "displayName", faults);
  checkFullName(displayName, "displayName", faults);
  const isEmailGiven = input.email !== null && input.email !== undefined;
  const email = isEmailGiven ? readEmail(input.email, faults) : null;
  if (displayName === null && !isEmailGiven) {
    faults.push(fault("INVALID_INPUT", ["displayName"], "Nothing is to be changed: give a displayName or an email."));
  }
  return faults.length > 0 ? { faults } : { displayName, email };
}
