import type { AccountWriter, NewAccount } from "../confluence/writerPort.js";
import type { ChangeFaultCode } from "../domain/ChangeFault.js";
import type { RequestedPassword } from "./AccountRequest.js";
import { isOthersEmail } from "./isOthersEmail.js";
import type { DirectoryAccount } from "./readAccountOfDirectory.js";
import type { Plan } from "./reconcile/Plan.js";

/** The account to be, as asked for. */
export interface WantedAccount extends Omit<NewAccount, "fullName"> {
  /** Whether the name to sign in with was given, or is the address. */
  readonly isNamed: boolean;
  /** `null` where no name was given: only a new account needs one. */
  readonly fullName: string | null;
  readonly passwordKind: RequestedPassword["kind"];
}

export interface DirectoryState extends DirectoryAccount {
  /** Whether the version lets people set the first password by themselves; asked only where nobody has the name. */
  readonly maySetPassword: boolean;
}

/**
 * Plans how a person gets an account of a site that keeps its own; who is deactivated is not restored by the way, and who has
 * the name but another address is somebody else.
 */
export function planAccountOfDirectory(
  wanted: WantedAccount,
  state: DirectoryState,
  writer: Pick<AccountWriter, "objectionToNewUsername" | "create">,
): Plan {
  const { account, isAmbiguous, maySetPassword } = state;
  if (isAmbiguous) {
    return refused("STATE_UNKNOWN", "email", "Several accounts have this address: say which is meant by `username`.");
  }
  if (account !== null) {
    if (isOthersEmail(state.email, wanted.email)) {
      const message =
        "The name is taken by an account with another e-mail address, so it may be another person's: nothing is granted to it. Give the address that the site has of this person, or another name for a new account.";
      return refused("INVALID_INPUT", wanted.isNamed ? "username" : "email", message);
    }
    if (account.status === "ACTIVE") return { kind: "settled", outcome: "ALREADY_EXISTS" };
    const reported = account.reportedStatus ?? account.status;
    if (account.status === "UNKNOWN") {
      return refused("STATE_UNKNOWN", "email", `The account is there, but whether it can be used is not: ${reported}.`);
    }
    if (account.status === "CLOSED") {
      return refused(
        "UNSUPPORTED",
        "email",
        `The account is ${reported}: bring it back in the directory it came from.`,
      );
    }
    const message = `The account is ${reported}. Restore it with restoreAccount first: it can sign in again then, with the groups and the access that it has.`;
    return refused("ACKNOWLEDGEMENT_REQUIRED", "email", message);
  }
  const { username, email, password, fullName, passwordKind } = wanted;
  const objection = writer.objectionToNewUsername(username);
  if (objection !== null) {
    return refused("INVALID_INPUT", "username", `No account can be created under the name ${username}: ${objection}`);
  }
  if (fullName === null) {
    return refused("INVALID_INPUT", "displayName", "A new account of this site needs a name to be shown: give one.");
  }
  if (passwordKind === "SET_BY_PERSON" && !maySetPassword) {
    const message =
      "This version of Confluence lets nobody set the first password by themselves: give one in `password`, or ask for one by `generatePassword: true`.";
    return refused("UNSUPPORTED", "password", message);
  }
  const step = {
    text: `create account ${username} for ${email}, ${howToSignIn[passwordKind]}`,
    run: () => writer.create({ username, fullName, email, password }),
  };
  return { kind: "steps", steps: [step], outcome: "CREATED" };
}

const howToSignIn: Readonly<Record<RequestedPassword["kind"], string>> = {
  GIVEN: "with the password given",
  GENERATED: "with a generated password",
  SET_BY_PERSON: "whose password the person sets by way of an e-mail",
};

function refused(code: ChangeFaultCode, field: string, message: string): Plan {
  return { kind: "refused", fault: { code, field: [field], message } };
}
