import { Secret } from "../../config/Secret.js";
import type { ConfluenceSite } from "../../confluence/port.js";
import type { ChangeFault } from "../../domain/Change.js";
import type { AccountId, SiteId } from "../../domain/ids.js";
import type { AccountRequest, AskedGrant } from "../../provisioning/accounts/AccountRequest.js";
import type { AccountProfile } from "../../provisioning/accounts/dataCenterUpdate.js";
import type { Change } from "../../provisioning/Change.js";
import { fault, type ReadChange, readMembershipChange, readSpaceChange } from "../change/readChange.js";
import { encodeGlobalId } from "../schema/GlobalId.js";
import type { UpdateAccountInput } from "./changeAccount.js";
import type { AccountAccessInput, ProvisionAccountInput } from "./provisionAccount.js";

/** How much an input about an account may hold. */
const limits = {
  /** Names and roles: far more than any upstream takes. */
  textLength: 255,
  notificationLength: 4_000,
  /** RFC 3696 as corrected: 64 characters, an @, and 255. */
  emailLength: 320,
  grants: 200,
} as const;

/** Reads what is asked for a person on a site; or everything that is wrong with the input. */
export function readAccountRequest(
  { siteId, writer }: Pick<ConfluenceSite, "siteId" | "writer">,
  input: ProvisionAccountInput,
): AccountRequest | { readonly faults: readonly ChangeFault[] } {
  const faults: ChangeFault[] = [];
  const email = readEmail(input.email, faults);
  const keepsAccounts = writer.accounts !== null;
  const text = (name: "givenName" | "familyName" | "displayName"): string | null => {
    const value = readShortText(input[name], name, faults);
    if (keepsAccounts) checkFullName(value, name, faults);
    return value;
  };
  const names = { givenName: text("givenName"), familyName: text("familyName"), displayName: text("displayName") };
  const signIn = keepsAccounts ? readSignIn(input, faults) : refuseSignIn(input, faults);
  if (input.productRole.trim() === "" || input.productRole.length > limits.textLength) {
    faults.push(fault("INVALID_INPUT", ["productRole"], "Name a product role, such as atlassian/user."));
  }
  const notificationText = input.notificationText?.trim() || null;
  if ((notificationText?.length ?? 0) > limits.notificationLength) {
    faults.push(tooLong("notificationText", limits.notificationLength));
  }
  const count = input.groups.length + input.access.length;
  if (count > limits.grants) {
    const message = `At most ${limits.grants} groups and accesses can be asked for at once; ${count} were. Send the rest to applyAccessChanges.`;
    return { faults: [...faults, fault("TOO_MANY_CHANGES", ["groups"], message)] };
  }
  const grants = readGrants(siteId, input, faults);
  if (faults.length > 0) return { faults };
  const { productRole, sendNotification } = input;
  return {
    email,
    ...names,
    ...signIn,
    productRole: productRole.trim(),
    sendsNotification: sendNotification,
    notificationText,
    grants,
  };
}

function readGrants(siteId: SiteId, { groups, access }: ProvisionAccountInput, faults: ChangeFault[]): AskedGrant[] {
  const seen = new Set<string>();
  const spaces = access.map(({ space }, index) => {
    if (seen.has(space)) {
      faults.push(fault("INVALID_INPUT", ["access", String(index), "space"], "The space is named twice."));
    }
    seen.add(space);
    return index;
  });
  return [
    ...[...new Set(groups)].map((group) => {
      const field = ["groups", String(groups.indexOf(group))];
      return { field, changeFor: (accountId: AccountId) => membership(siteId, group, accountId) };
    }),
    ...spaces.map((index) => {
      const field = ["access", String(index)];
      const asked = access[index];
      return { field, changeFor: (accountId: AccountId) => spaceAccess(siteId, asked, accountId) };
    }),
  ].flatMap(({ field, changeFor }): AskedGrant[] => {
    const read = changeFor(someone);
    if ("faults" in read) {
      for (const each of read.faults) {
        const own = field[0] === "groups" ? [] : each.field;
        faults.push({ ...each, field: [...field, ...own] });
      }
      return [];
    }
    if (!("siteId" in read)) return [];
    const groupId = "groupId" in read.change ? read.change.groupId : null;
    return [{ field, groupId, changeFor: (accountId) => changeOf(changeFor(accountId)) }];
  });
}

/** Stands for the account while the input is checked. */
const someone = "someone" as AccountId;

function membership(siteId: SiteId, group: string, accountId: AccountId): ReadChange {
  return readMembershipChange("grantMembership", { group, account: accountGlobalId(siteId, accountId) });
}

function spaceAccess(siteId: SiteId, asked: AccountAccessInput | undefined, accountId: AccountId): ReadChange {
  const principal = accountGlobalId(siteId, accountId);
  return readSpaceChange("grantSpaceAccess", { space: "", ...asked, principal });
}

function accountGlobalId(siteId: SiteId, accountId: AccountId): string {
  return encodeGlobalId({ type: "Account", siteId, accountId });
}

function changeOf(read: ReadChange): Change {
  if (!("siteId" in read) || read.change.kind === "revokeRow")
    throw new Error("An input that was read once reads the same again.");
  return read.change;
}

function tooLong(field: string, length: number): ChangeFault {
  return fault("INVALID_INPUT", [field], `This takes at most ${length} characters.`);
}

type SignIn = Pick<AccountRequest, "username" | "password">;

const setByPerson: AccountRequest["password"] = { kind: "SET_BY_PERSON" };
const defaultRole = "atlassian/user";

/** How the person shall sign in to a Data Center site, after adding what is wrong with that; nothing of it quotes a password. */
function readSignIn(input: ProvisionAccountInput, faults: ChangeFault[]): SignIn {
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

/** Adds a fault for each field that says how to sign in where people sign in elsewhere (Cloud). */
function refuseSignIn(input: ProvisionAccountInput, faults: ChangeFault[]): SignIn {
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
  return { username: null, password: setByPerson };
}

/** An e-mail address without the blanks around it, after adding what is wrong with it. */
function readEmail(text: string, faults: ChangeFault[]): string {
  const email = text.trim();
  if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > limits.emailLength) {
    const message = `This is no e-mail address: it needs one @ with something on either side, no blanks, and at most ${limits.emailLength} characters.`;
    faults.push(fault("INVALID_INPUT", ["email"], message));
  }
  return email;
}

/** Adds what is wrong with a name that a Data Center site is to show. */
function checkFullName(name: string | null, field: string, faults: ChangeFault[]): void {
  if (name === null || !/[<>]/.test(name)) return;
  faults.push(fault("INVALID_INPUT", [field], "Data Center takes no < and > in the name of a person."));
}

/** Names and roles: far more than any upstream takes. */

/** A name without the blanks around it, `null` where it is empty, after adding what is wrong with it. */
function readShortText(text: string | null | undefined, field: string, faults: ChangeFault[]): string | null {
  const value = text?.trim() ?? "";
  if (value.length > limits.textLength) {
    faults.push(tooLong(field, limits.textLength));
  }
  return value === "" ? null : value;
}

/** Reads what an account shall be; or everything that is wrong with the input. */
export function readAccountProfile(
  input: UpdateAccountInput,
): AccountProfile | { readonly faults: readonly ChangeFault[] } {
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
