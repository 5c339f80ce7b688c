import type { ChangeFault } from "../../domain/Change.js";
import type { AccountFacts } from "../../provisioning/accounts/dataCenterUpdate.js";
import { fault } from "../change/readChange.js";
import type { UpdateAccountInput } from "./updateAccount.js";

/** RFC 3696 as corrected: 64 characters, an @, and 255. */
const maxEmailLength = 320;

/** An e-mail address without the blanks around it, after adding what is wrong with it. */
export function readEmail(text: string, faults: ChangeFault[]): string {
  const email = text.trim();
  if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > maxEmailLength) {
    const message = `This is no e-mail address: it needs one @ with something on either side, no blanks, and at most ${maxEmailLength} characters.`;
    faults.push(fault("INVALID_INPUT", ["email"], message));
  }
  return email;
}

/** Adds what is wrong with a name that a Data Center site is to show. */
export function checkFullName(name: string | null, field: string, faults: ChangeFault[]): void {
  if (name === null || !/[<>]/.test(name)) return;
  faults.push(fault("INVALID_INPUT", [field], "Data Center takes no < and > in the name of a person."));
}

/** Names and roles: far more than any upstream takes. */
const maxTextLength = 255;

/** A name without the blanks around it, `null` where it is empty, after adding what is wrong with it. */
export function readShortText(text: string | null | undefined, field: string, faults: ChangeFault[]): string | null {
  const value = text?.trim() ?? "";
  if (value.length > maxTextLength) {
    faults.push(fault("INVALID_INPUT", [field], `This takes at most ${maxTextLength} characters.`));
  }
  return value === "" ? null : value;
}

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
