import { Secret } from "../../config/Secret.js";
import type { ChangeFault } from "../../domain/Change.js";
import type { AccountRequest } from "../../provisioning/accounts/AccountRequest.js";
import type { ProvisionAccountInput } from "../inputs/AccountProvisionInput.js";
import { fault } from "./readChange.js";
import { readShortText } from "./readShortText.js";

type SignIn = Pick<AccountRequest, "username" | "password">;

const setByPerson: AccountRequest["password"] = { kind: "SET_BY_PERSON" };
const defaultRole = "atlassian/user";

/** How the person shall sign in to a Data Center site, after adding what is wrong with that; nothing of it quotes a password. */
export function readSignIn(input: ProvisionAccountInput, faults: ChangeFault[]): SignIn {
  if (input.productRole !== defaultRole) {
    const message = "Product roles are Cloud's. On Data Center groups say what an account may use: see groupIds.";
    faults.push(fault("UNSUPPORTED", ["productRole"], message));
  }
  if (input.notificationText) {
    const message = "Data Center words its e-mail itself: leave the text out.";
    faults.push(fault("UNSUPPORTED", ["notificationText"], message));
  }
  return { username: readShortText(input.username, "username", faults), password: readPassword(input, faults) };
}

function readPassword(
  { password, generatePassword, sendNotification }: ProvisionAccountInput,
  faults: ChangeFault[],
): AccountRequest["password"] {
  const isGiven = password !== null && password !== undefined;
  if (isGiven && generatePassword) {
    faults.push(fault("INVALID_INPUT", ["generatePassword"], "Give a password or have one generated, not both."));
  }
  if (isGiven && password.trim() === "") {
    faults.push(fault("INVALID_INPUT", ["password"], "A password of blanks is none."));
  }
  if (isGiven) return { kind: "GIVEN", password: new Secret(password) };
  if (generatePassword) return { kind: "GENERATED" };
  if (!sendNotification) {
    const message =
      "Without an e-mail nobody could set a password: give one, or ask for one by generatePassword: true.";
    faults.push(fault("INVALID_INPUT", ["sendNotification"], message));
  }
  return setByPerson;
}
