import type { ConfluenceSite } from "../../confluence/port.js";
import type { ChangeFault } from "../../domain/Change.js";
import type { AccountId, SiteId } from "../../domain/ids.js";
import type { AccountRequest, AskedGrant } from "../../provisioning/accounts/AccountRequest.js";
import type { Change } from "../../provisioning/Change.js";
import { encodeGlobalId } from "../ids/GlobalId.js";
import type { AccountAccessInput } from "../inputs/AccountAccessInput.js";
import type { ProvisionAccountInput } from "../inputs/AccountProvisionInput.js";
import { checkFullName } from "./checkFullName.js";
import { fault, type ReadChange, readMembershipChange, readSpaceChange } from "./readChange.js";
import { readEmail } from "./readEmail.js";
import { readShortText } from "./readShortText.js";
import { readSignIn } from "./readSignIn.js";
import { refuseSignIn } from "./refuseSignIn.js";

/** A role: far more than any upstream takes. */
const maxTextLength = 255;
const maxNotificationLength = 4_000;
const maxGrants = 200;

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
  if (input.productRole.trim() === "" || input.productRole.length > maxTextLength) {
    faults.push(fault("INVALID_INPUT", ["productRole"], "Name a product role, such as atlassian/user."));
  }
  const notificationText = input.notificationText?.trim() || null;
  if ((notificationText?.length ?? 0) > maxNotificationLength) {
    faults.push(tooLong("notificationText", maxNotificationLength));
  }
  const count = input.groups.length + input.access.length;
  if (count > maxGrants) {
    const message = `At most ${maxGrants} groups and accesses can be asked for at once; ${count} were. Send the rest to applyAccessChanges.`;
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
