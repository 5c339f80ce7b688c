import type { ChangeFault } from "../../domain/Change.js";
import type { AccountRequest } from "../../provisioning/accounts/AccountRequest.js";
import type { ProvisionAccountInput } from "../inputs/AccountProvisionInput.js";
import { fault } from "./readChange.js";

/** Adds a fault for each field that says how to sign in where people sign in elsewhere (Cloud). */
export function refuseSignIn(
  input: ProvisionAccountInput,
  faults: ChangeFault[],
): Pick<AccountRequest, "username" | "password"> {
  const given = {
    username: Boolean(input.username),
    password: Boolean(input.password),
    generatePassword: input.generatePassword,
  };
  for (const [field, isGiven] of Object.entries(given)) {
    if (!isGiven) continue;
    const message =
      "On Cloud people sign in with their Atlassian account, whose password nobody else sets: leave this out.";
    faults.push(fault("UNSUPPORTED", [field], message));
  }
  return { username: null, password: { kind: "SET_BY_PERSON" } };
}
