import type { AccountId, GroupId, RoleId, SpaceId } from "../../domain/ids.js";
import { type Operation, operationName, readSpace } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";
import type { RecordEntry, RecordedChange } from "../../record/ChangeRecord.js";
import type { Change } from "../Change.js";
import { isCompanionOf } from "../plans/SpaceState.js";
import type { Held } from "./readHeld.js";

/** What takes a change back, as an ordinary change; or why there is none. */
export type Inverse =
  | { readonly kind: "access"; readonly change: Change }
  | { readonly kind: "status"; readonly action: "suspendAccount" | "restoreAccount"; readonly accountId: AccountId }
  | { readonly kind: "deleteGroup"; readonly groupId: GroupId }
  | ({ readonly kind: "createGroup" } & GoneGroup)
  | ({ readonly kind: "bringBack" } & GoneAccount)
  /** The grants that came with an account: changes of their own, each with its inverse. */
  | { readonly kind: "parts"; readonly changeId: string }
  | { readonly kind: "none"; readonly reason: string };

/** A group that was deleted, as it was recorded before. */
export interface GoneGroup extends Held {
  readonly name: string;
  readonly groupId: GroupId;
}

/** An account that was removed, and that the synchronised directory brings back under its address. */
export interface GoneAccount extends Held {
  readonly accountId: AccountId;
  readonly email: string;
  readonly displayName: string | null;
}

/** The inverse of a recorded change: of what it made itself, by what was read before and after it. */
export function inverseOf({ attempt, result }: RecordedChange): Inverse {
  if (result === null) return none("It is not on record how it ended: repeat it with its requestId first.");
  const { after, action } = result;
  // Of a change that was taken up after a restart the attempt tells what was there before any call.
  const before = attempt?.before ?? result.before;
  // Of an account that was there already what it was granted can be taken back all the same.
  if (action === "provisionAccount") return inverseOfProvision(result);
  if (attempt === null) return none("It changed nothing: what was asked for was so already, or was refused.");
  if (after === null) return none("What it made could not be read back, so nobody can say what to take back.");
  const isUnchanged = [...before].sort().join("\n") === [...after].sort().join("\n");
  if (isUnchanged) return none("It changed nothing: what was read back is what was there before.");
  const isPartial = action === "grantPermissions" || action === "revokePermissions";
  if (!isPartial && !carriedOut.has(result.outcome)) {
    return none("It failed, so that what changed meanwhile may be somebody else's doing.");
  }
  const { accountId, groupId } = result.subject;
  switch (action) {
    case "grantMembership":
    case "revokeMembership": {
      const kind = action === "grantMembership" ? "revokeMembership" : "grantMembership";
      const change = { kind, groupId: groupId as GroupId, accountId: accountId as AccountId } as const;
      return { kind: "access", change };
    }
    case "grantPermissions":
    case "revokePermissions":
      return inversePermissions(result, before, after);
    case "grantRole":
    case "revokeRole":
      return inverseRole(result, before);
    case "suspendAccount":
    case "restoreAccount": {
      const opposite = action === "suspendAccount" ? "restoreAccount" : "suspendAccount";
      return { kind: "status", action: opposite, accountId: accountId as AccountId };
    }
    case "createGroup": {
      const [created] = after.flatMap((text) => /^group (.+)$/s.exec(text)?.[1] ?? []);
      if (created === undefined) return none("The id of the group it created is not on record.");
      return { kind: "deleteGroup", groupId: created as GroupId };
    }
    case "deleteGroup":
      return inverseOfDeletion(attempt);
    case "removeAccount":
      return inverseOfRemoval(attempt);
    default:
      return none(withoutInverse[action] ?? `There is no inverse of ${action}.`);
  }
}

const carriedOut: ReadonlySet<string | null> = new Set(["CREATED", "REPLACED", "REMOVED"]);

const withoutInverse: Readonly<Record<string, string>> = {
  updateAccount: "What the account was called before is not kept whole: updateAccount sets it.",
};

function inverseOfProvision({ changeId, outcome }: RecordEntry): Inverse {
  if (outcome === "FAILED") return none("It failed, so that nothing was granted with it.");
  return { kind: "parts", changeId };
}

function inverseOfDeletion({ subject, undo }: RecordEntry): Inverse {
  const name = undo?.name;
  if (typeof name !== "string") return none("What the group was called and held is not on record.");
  return { kind: "createGroup", name, groupId: subject.groupId as GroupId, ...heldIn(undo) };
}

function inverseOfRemoval({ subject, undo }: RecordEntry): Inverse {
  const email = undo?.email;
  if (typeof email !== "string") return none(notBroughtBack);
  const displayName = typeof undo?.displayName === "string" ? undo.displayName : null;
  return { kind: "bringBack", accountId: subject.accountId as AccountId, email, displayName, ...heldIn(undo) };
}

/** What was recorded by `readHeld`: this is where it is read. */
function heldIn(undo: RecordEntry["undo"]): Held {
  const { members = [], groups = [], grants = [], beyond = [], gaps = [] } = (undo ?? {}) as Partial<Held>;
  return { members, groups, grants, beyond, gaps };
}

/** Who is not in the synchronised directory is invited, and may be somebody else by then. */
export const notBroughtBack =
  "A removed account is brought back by the synchronised directory alone (SCIM), and that did not hold it: provisionAccount takes the person in again.";

/** Only what the change itself made or took: others may have changed more meanwhile. */
function inversePermissions(
  { action, subject }: RecordEntry,
  before: readonly string[],
  after: readonly string[],
): Inverse {
  const isGrant = action === "grantPermissions";
  const asked = (subject.operations as readonly Operation[]).map(operationName);
  const [from, to] = isGrant ? [before, after] : [after, before];
  const changed = to.filter((name) => !from.includes(name)).flatMap((name) => operationOf(name) ?? []);
  const isCompanion = (operation: Operation, primaries: readonly Operation[]) =>
    primaries.some((primary) => isCompanionOf(operation, primary));
  const reads = asked.includes(operationName(readSpace));
  const isOurs = (operation: Operation) =>
    asked.includes(operationName(operation)) ||
    (isGrant ? operationName(operation) === operationName(readSpace) : reads) ||
    isCompanion(operation, subject.operations as readonly Operation[]) ||
    (isGrant && isCompanionOf(operation, readSpace));
  const operations = changed.filter(isOurs);
  if (operations.length === 0) return none("It changed no permission of its own.");
  const kind = isGrant ? "revokePermissions" : "grantPermissions";
  const where = { spaceId: subject.spaceId as SpaceId, principal: subject.principal as Principal };
  return { kind: "access", change: { kind, ...where, operations } };
}

function inverseRole({ action, subject }: RecordEntry, before: readonly string[]): Inverse {
  const roleId = subject.roleId as RoleId;
  const where = { spaceId: subject.spaceId as SpaceId, principal: subject.principal as Principal };
  if (action === "revokeRole") {
    return { kind: "access", change: { kind: "grantRole", ...where, roleId, onExistingRole: "REFUSE" } };
  }
  const [former] = before.flatMap((text) => /^role (.+)$/s.exec(text)?.[1] ?? []);
  if (former === undefined) return { kind: "access", change: { kind: "revokeRole", ...where, roleId } };
  const change = { kind: "grantRole", ...where, roleId: former as RoleId, onExistingRole: "REPLACE" } as const;
  return { kind: "access", change: { ...change, inPlaceOf: roleId } };
}

/** `create/page` as an operation; `null` for what is none, such as a role. */
function operationOf(name: string): Operation | null {
  const cut = name.indexOf("/");
  return cut > 0 && !name.startsWith("role ") ? { key: name.slice(0, cut), target: name.slice(cut + 1) } : null;
}

function none(reason: string): Inverse {
  return { kind: "none", reason };
}
