import { accessClassOf, cloudAccessRules } from "../../access/SiteFacts.js";
import type { ConfluenceSite } from "../../confluence/port.js";
import type { Acknowledgement, ChangeFault, Reach } from "../../domain/Change.js";
import type { GroupId } from "../../domain/ids.js";
import { type Operation, operationName } from "../../domain/Operation.js";
import type { SpaceChange } from "../Change.js";
import type { SpaceState } from "../plans/SpaceState.js";
import type { Plan } from "../reconcile/Task.js";

/** How far a change goes beyond what it names, and what its caller has to say that it is meant. */
interface Reaching {
  readonly reach: readonly Reach[];
  readonly asks: readonly Acknowledgement[];
}

const nowhere: Reaching = { reach: [], asks: [] };

/** A grant to everybody reaches everybody; one that lets everybody administer is asked for by itself. */
export function reachOfSpaceChange(change: SpaceChange, { roles }: SpaceState): Reaching {
  const isGrant = change.kind === "grantRole" || change.kind === "grantPermissions";
  if (!isGrant || change.principal.kind !== "accessClass") return nowhere;
  const name = accessClassOf(change.principal, cloudAccessRules);
  if (!everyone.has(name) && change.principal.classId !== "unlicensed") return nowhere;
  const given: readonly Operation[] =
    "roleId" in change ? (roles.find(({ roleId }) => roleId === change.roleId)?.permissions ?? []) : change.operations;
  const administers = given.some((operation) => operationName(operation) === "administer/space");
  return administers
    ? { reach: ["ADMINISTRATION", "EVERYONE"], asks: ["acknowledgeAdministration"] }
    : { reach: ["EVERYONE"], asks: [] };
}

const everyone: ReadonlySet<string> = new Set(["anonymous-users", "authenticated-users", "all-licensed-users"]);

/** The members of the super group can do everything in every space (Data Center). */
export function reachOfMembership({ groups }: ConfluenceSite, groupId: GroupId): Reaching {
  return groups.superGroupId === groupId ? { reach: ["ADMINISTRATION"], asks: ["acknowledgeAdministration"] } : nowhere;
}

/** A group of an organization is a group of its other sites and products too. */
export function reachOfGroupDeletion(site: ConfluenceSite, groupId: GroupId): Reaching {
  const { reach, asks } = reachOfMembership(site, groupId);
  if (site.organization === null) return { reach, asks };
  return { reach: ["ORGANIZATION_WIDE", ...reach], asks: ["acknowledgeOrganizationWide", ...asks] };
}

/** What is done to an account of an organization is done for all its products. */
export const reachOfOrganizationAccount: Reaching = {
  reach: ["ORGANIZATION_WIDE"],
  asks: ["acknowledgeOrganizationWide"],
};

/** A product role beyond that of a user and of a guest administers something. */
export function reachOfProductRole(role: string): Reaching {
  return isPlainRole(role) ? nowhere : { reach: ["ADMINISTRATION"], asks: ["acknowledgeAdministration"] };
}

export function isPlainRole(role: string): boolean {
  return plainRoles.has(role);
}

const plainRoles: ReadonlySet<string> = new Set(["atlassian/user", "atlassian/guest"]);

/** A plan that says its reach, and what stands in the way of carrying it out: an acknowledgement that is missing. */
export function reaching(
  plan: Plan,
  { reach, asks }: Reaching,
  acknowledged: readonly Acknowledgement[] | undefined,
): Plan {
  if (plan.kind !== "steps" || reach.length === 0) return plan;
  const missing = asks.find((asked) => !acknowledged?.includes(asked));
  return { ...plan, reach, ...(missing === undefined ? {} : { objection: notAcknowledged(missing) }) };
}

function notAcknowledged(missing: Acknowledgement): ChangeFault {
  return { code: "ACKNOWLEDGEMENT_REQUIRED", field: [missing], message: messages[missing] };
}

const messages: Readonly<Record<Acknowledgement, string>> = {
  acknowledgeOrganizationWide:
    "This reaches every product of the organization, not this site alone: see affectedResources. Repeat it with acknowledgeOrganizationWide: true if that is meant.",
  acknowledgeAdministration:
    "This gives or takes administration beyond one space or one person. Repeat it with acknowledgeAdministration: true if that is meant.",
};
