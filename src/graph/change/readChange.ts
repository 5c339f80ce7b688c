import type { ChangeFault, ChangeFaultCode } from "../../domain/Change.js";
import type { SiteId } from "../../domain/ids.js";
import { knownOperations, type Operation, operationName } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";
import type { AskedChange, Change } from "../../provisioning/Change.js";
import { decodeGlobalId, type GlobalId, type GlobalIdType } from "../schema/GlobalId.js";
import type { AccessChangeInput, MembershipInput, SpaceAccessInput, SpaceGrantInput } from "./inputs.js";

/** The path of a change's field within the whole input: `["changes", "3", "grantSpaceAccess", "role"]`. */
export type Locate = (field: readonly string[]) => readonly string[];

/** A change as the input names it, and the site it is about; or everything that is wrong with the input. */
export type ReadChange =
  | { readonly siteId: SiteId; readonly change: AskedChange; readonly locate: Locate }
  | { readonly faults: readonly [ChangeFault, ...ChangeFault[]] };

type SpaceChangeKind = "grantSpaceAccess" | "revokeSpaceAccess";

/** Reads access to a space: permissions or a role, for an account, a group or an access class. */
export function readSpaceChange(
  kind: SpaceChangeKind,
  input: SpaceAccessInput,
  locate: Locate = (field) => field,
): ReadChange {
  const faults: ChangeFault[] = [];
  const space = readId(input.space, "space", ["Space"], faults);
  const principal = readPrincipal(input, faults);
  const wanted = readEntitlement(input, faults);
  if (space !== null) {
    if (principal?.siteId !== null && principal !== null && principal.siteId !== space.siteId) {
      faults.push(fault("PRINCIPAL_NOT_FOUND", ["principal"], "The principal is of another site than the space."));
    }
    if (wanted?.roleSiteId !== undefined && wanted.roleSiteId !== space.siteId) {
      faults.push(fault("ROLE_NOT_FOUND", ["role"], "The role is of another site than the space."));
    }
  }
  const [first, ...rest] = faults;
  if (first !== undefined || space === null || principal === null || wanted === null) {
    return located([first ?? fault("INVALID_INPUT", [], "The input cannot be used."), ...rest], locate);
  }
  const isGrant = kind === "grantSpaceAccess";
  const place = { spaceId: space.spaceId, principal: principal.principal };
  const { entitlement } = wanted;
  const change: Change =
    entitlement.kind === "role"
      ? isGrant
        ? { kind: "grantRole", ...place, roleId: entitlement.roleId, onExistingRole: onExistingRoleOf(input) }
        : { kind: "revokeRole", ...place, roleId: entitlement.roleId }
      : { kind: isGrant ? "grantPermissions" : "revokePermissions", ...place, operations: entitlement.operations };
  return { siteId: space.siteId, change, locate };
}

/** Reads the membership of one account in one group. */
export function readMembershipChange(
  kind: "grantMembership" | "revokeMembership",
  input: Pick<MembershipInput, "group" | "account">,
  locate: Locate = (field) => field,
): ReadChange {
  const faults: ChangeFault[] = [];
  const group = readId(input.group, "group", ["Group"], faults);
  const account = readId(input.account, "account", ["Account"], faults);
  if (group !== null && account !== null && group.siteId !== account.siteId) {
    faults.push(fault("ACCOUNT_NOT_FOUND", ["account"], "The account is of another site than the group."));
  }
  const [first, ...rest] = faults;
  if (first !== undefined) return located([first, ...rest], locate);
  if (group === null || account === null) throw new Error("An id that cannot be read has its fault.");
  return { siteId: group.siteId, change: { kind, groupId: group.groupId, accountId: account.accountId }, locate };
}

/** Only a grant says it. */
function onExistingRoleOf(input: SpaceAccessInput | SpaceGrantInput): SpaceGrantInput["onExistingRole"] {
  return "onExistingRole" in input ? input.onExistingRole : "REFUSE";
}

function located([first, ...rest]: readonly [ChangeFault, ...ChangeFault[]], locate: Locate): ReadChange {
  const relocated = (each: ChangeFault): ChangeFault => ({ ...each, field: locate(each.field) });
  return { faults: [relocated(first), ...rest.map(relocated)] };
}

/** An id of one of some types; `null` after adding what is wrong with it. */
export function readId<T extends GlobalIdType>(
  text: string,
  field: string | readonly string[],
  types: readonly T[],
  faults: ChangeFault[],
): Extract<GlobalId, { type: T }> | null {
  const id = decodeGlobalId(text);
  const isWanted = (found: GlobalId): found is Extract<GlobalId, { type: T }> =>
    types.some((type) => type === found.type);
  if (id !== null && isWanted(id)) return id;
  const wanted = types.join(" or ");
  const message =
    id === null
      ? `This is not an id of this graph. Pass the \`id\` of a ${wanted} exactly as it was answered.`
      : `This is the id of a ${id.type}, but a ${wanted} is needed here.`;
  faults.push(fault("INVALID_INPUT", [field].flat(), message));
  return null;
}

export function fault(code: ChangeFaultCode, field: readonly string[], message: string): ChangeFault {
  return { code, field, message };
}

function readPrincipal(
  { principal, accessClassId }: SpaceAccessInput,
  faults: ChangeFault[],
): { readonly siteId: SiteId | null; readonly principal: Principal } | null {
  const hasId = principal !== null && principal !== undefined;
  const hasClass = accessClassId !== null && accessClassId !== undefined && accessClassId !== "";
  if (hasId === hasClass) {
    faults.push(fault("INVALID_INPUT", ["principal"], "Give exactly one of principal and accessClassId."));
    return null;
  }
  if (hasClass) {
    return { siteId: null, principal: { kind: "accessClass", classId: accessClassId, reportedType: "access-class" } };
  }
  const id = readId(principal ?? "", "principal", ["Account", "Group", "AccessClass"], faults);
  if (id === null) return null;
  switch (id.type) {
    case "Account":
      return { siteId: id.siteId, principal: { kind: "account", accountId: id.accountId } };
    case "Group":
      return { siteId: id.siteId, principal: { kind: "group", groupId: id.groupId } };
    case "AccessClass":
      return {
        siteId: id.siteId,
        principal: { kind: "accessClass", classId: id.classId, reportedType: id.reportedType },
      };
  }
}

type Entitlement =
  | { readonly kind: "permissions"; readonly operations: readonly Operation[] }
  | { readonly kind: "role"; readonly roleId: Extract<GlobalId, { type: "SpaceRole" }>["roleId"] };

const spellings: ReadonlyMap<string, Operation> = new Map(
  Object.values(knownOperations)
    .flat()
    .map(({ key, target }) => [operationName({ key, target }).toLowerCase(), { key, target }]),
);

/** A permission as sites spell it, since questions are compared in any letter case; one that nobody knows, as it was written. */
function spelled(operation: Operation): Operation {
  return spellings.get(operationName(operation).toLowerCase()) ?? operation;
}

function readEntitlement(
  { permissions, role }: SpaceAccessInput,
  faults: ChangeFault[],
): { readonly entitlement: Entitlement; readonly roleSiteId?: SiteId } | null {
  const hasRole = role !== null && role !== undefined;
  const hasPermissions = permissions !== null && permissions !== undefined;
  if (hasRole === hasPermissions) {
    faults.push(fault("INVALID_INPUT", ["permissions"], "Give exactly one of permissions and role."));
    return null;
  }
  if (hasRole) {
    const id = readId(role, "role", ["SpaceRole"], faults);
    return id === null ? null : { entitlement: { kind: "role", roleId: id.roleId }, roleSiteId: id.siteId };
  }
  const operations = (permissions ?? []).map(({ operation, target }) => spelled({ key: operation, target }));
  if (operations.length === 0) {
    faults.push(fault("INVALID_INPUT", ["permissions"], "Name at least one permission."));
    return null;
  }
  operations.forEach(({ key, target }, index) => {
    if (key.trim() !== "" && target.trim() !== "") return;
    faults.push(
      fault("INVALID_INPUT", ["permissions", String(index)], "A permission needs an operation and a target."),
    );
  });
  return { entitlement: { kind: "permissions", operations } };
}

/**
 * The change that revokes a grant by its id. A membership and an assignment say it all in their id; a single permission is
 * revoked by its row, which the reading that the plan is made on has, or has not.
 */
export function readGrantRevocation(grantId: string, locate: Locate): ReadChange {
  const faults: ChangeFault[] = [];
  const id = readId(grantId, locate([]), ["Grant"], faults);
  const [first] = faults;
  if (id === null) return { faults: [first ?? fault("INVALID_INPUT", locate([]), "This is not the id of a Grant.")] };
  const { siteId } = id;
  switch (id.kind) {
    case "membership":
      return { siteId, locate, change: { kind: "revokeMembership", groupId: id.groupId, accountId: id.accountId } };
    case "role": {
      const { spaceId, principal, roleId } = id;
      return { siteId, locate, change: { kind: "revokeRole", spaceId, principal, roleId } };
    }
    case "permission":
      return { siteId, locate, change: { kind: "revokeRow", spaceId: id.spaceId, permissionId: id.permissionId } };
    default:
      return { faults: [fault("NOT_REVOCABLE", locate([]), notRevocable[id.kind])] };
  }
}

/** Confluence has calls to read these, and none to change them. */
const notRevocable = {
  global:
    "Permissions on the site as a whole cannot be changed by Confluence's API: change them in its administration, under Global Permissions, or take the account out of the group that holds them.",
  nesting:
    "Groups in groups cannot be changed by Confluence's API: change them in the user directory that holds them (LDAP, Crowd).",
} as const;

/** Reads one change of a list that may hold all kinds of them. */
export function readAnyChange(change: AccessChangeInput, index: number): ReadChange {
  const { grantSpaceAccess, revokeSpaceAccess, grantGroupMembership, revokeGroupMembership, revokeGrant } = change;
  const given = Object.entries(change).filter(([, value]) => value !== null && value !== undefined);
  const [name, ...others] = given.map(([key]) => key);
  const place = ["changes", String(index)];
  if (name === undefined || others.length > 0) {
    const message = `Give exactly one kind of change; ${given.length} were given.`;
    return { faults: [fault("INVALID_INPUT", place, message)] };
  }
  const locate: Locate = (field) => [...place, name, ...field];
  if (grantSpaceAccess) return readSpaceChange("grantSpaceAccess", grantSpaceAccess, locate);
  if (revokeSpaceAccess) return readSpaceChange("revokeSpaceAccess", revokeSpaceAccess, locate);
  if (grantGroupMembership) return readMembershipChange("grantMembership", grantGroupMembership, locate);
  if (revokeGroupMembership) return readMembershipChange("revokeMembership", revokeGroupMembership, locate);
  return readGrantRevocation(revokeGrant ?? "", () => [...place, name]);
}
