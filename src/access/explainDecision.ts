import type { Assumption, Gap } from "../domain/Complete.js";
import type { Principal } from "../domain/Principal.js";
import type { AccessDecision, AccessPath, AccessReason, MembershipStep } from "./AccessDecision.js";
import type { ClassDecision } from "./evaluateHolding.js";

/** How a sentence calls what it speaks of. */
interface Names {
  readonly account: string;
  readonly space: string;
  /** The name of a group or class; its id unless told. */
  nameOf?(principal: Principal): string;
}

/** A decision as one plain sentence for people. */
export function explainDecision(decision: AccessDecision, names: Names): string {
  const what = `${decision.operation.key}/${decision.operation.target}`;
  const { account, space } = names;
  switch (decision.decision) {
    case "ALLOWED":
      return `${account} has ${what} in ${space}${reasonOf(decision, names)}${assumed(decision)}.`;
    case "UNKNOWN":
      return `Whether ${account} has ${what} in ${space} is not known: ${unknownBecause(decision)}${assumed(decision)}.`;
    case "DENIED":
      return `${account} does not have ${what} in ${space}: ${deniedBecause(decision, names)}${assumed(decision)}.`;
  }
}

/** Whether an account belongs to an access class, as one plain sentence for people; `by` are the memberships that make it. */
export function explainBelonging(
  decision: ClassDecision,
  by: readonly MembershipStep[],
  names: Omit<Names, "space"> & { readonly accessClass: string },
): string {
  const { account, accessClass } = names;
  switch (decision.decision) {
    case "ALLOWED": {
      const chain = by.map(({ groupId }) => nameIn(names, { kind: "group", groupId }));
      const member = chain.length === 0 ? "" : `: through membership of ${chain.join(", which is in ")}`;
      return `${account} belongs to ${accessClass}${member}${assumed(decision)}.`;
    }
    case "UNKNOWN":
      return `Whether ${account} belongs to ${accessClass} is not known: ${unknownBecause(decision)}${assumed(decision)}.`;
    case "DENIED":
      return `${account} does not belong to ${accessClass}${decision.reason === null ? "" : (notOneOf[decision.reason] ?? "")}.`;
  }
}

const notOneOf: Readonly<Partial<Record<AccessReason, string>>> = {
  ACCOUNT_NOT_ACTIVE: ": the account is not active",
  NOT_LICENSED: ": the account has no Confluence licence",
};

function reasonOf({ paths, hasMorePaths }: AccessDecision, names: Names): string {
  const [first, ...rest] = paths;
  if (first === undefined) return "";
  const more = hasMorePaths
    ? "more paths than are listed"
    : rest.length === 1
      ? "1 other path"
      : `${rest.length} other paths`;
  return `: ${describePath(first, names)}${rest.length === 0 ? "" : `, and on ${more}`}`;
}

function describePath(path: AccessPath, names: Names): string {
  if (path.isDirect) return "it is granted to the account itself";
  const chain = path.memberships.map(({ groupId }) => nameIn(names, { kind: "group", groupId }));
  const member = `through membership of ${chain.join(", which is in ")}`;
  if (path.end.kind === "SUPERUSER") return `${member}, whose members can do everything`;
  const { principal } = path.end.held.grant;
  return chain.length > 0 ? member : `it is granted to ${nameIn(names, principal)}, to whom the account belongs`;
}

function deniedBecause({ reason, ineffective }: AccessDecision, names: Names): string {
  const [first] = ineffective;
  const inVain = first === undefined ? "" : `, so that what is granted has no effect (${describePath(first, names)})`;
  switch (reason) {
    case "ACCOUNT_NOT_ACTIVE":
      return `the account is not active${inVain}`;
    case "SPACE_TRASHED":
      return `the space is in the trash${inVain}`;
    case "NOT_LICENSED":
      return `the account has no Confluence licence${inVain}`;
    case "INEFFECTIVE":
      return first === undefined ? "what is granted has no effect" : describeVain(first, names);
    default:
      return "no grant gives it";
  }
}

/** Anonymous may lack the read, or the use of the site; whichever it is, the grant does nothing for this account. */
function describeVain(path: AccessPath, names: Names): string {
  const { end } = path;
  const isAnonymous =
    end.kind === "GRANT" &&
    end.held.grant.principal.kind === "accessClass" &&
    end.held.grant.principal.classId === "anonymous-users";
  return isAnonymous
    ? "it is granted to anonymous users, who may not read the space or not use the site"
    : `what is granted has no effect without read/space, which the account does not have (${describePath(path, names)})`;
}

function unknownBecause({ reason, gaps }: Pick<AccessDecision, "reason" | "gaps">): string {
  const [first] = gaps;
  if (reason === "ACCOUNT_STATUS_UNKNOWN" || first === undefined) return "nobody says whether the account is active";
  const more = gaps.length === 1 ? "" : ` and ${gaps.length - 1} more`;
  return `${describeGap(first)}${more}`;
}

function describeGap({ missing, reason }: Gap): string {
  return `${missing} could not be read (${reason.replace(/\.$/, "")})`;
}

function assumed({ assumptions }: Pick<AccessDecision, "assumptions">): string {
  const taken = assumptions.map((assumption) => inWords[assumption]);
  return taken.length === 0 ? "" : `, assuming that ${taken.join(" and that ")}`;
}

const inWords: Readonly<Record<Assumption, string>> = {
  SUSPENDED_MEMBERS_HIDDEN: "nobody who is suspended is missing from a member list",
  LICENSED: "the account has a licence",
  GROUP_GONE: "a group that cannot be found has no members",
  NO_SPACE_ROLES: "the site has no space roles",
  DEFAULT_GROUP: "the site puts new accounts into its default group",
  STALE: "what was read before the site failed still holds",
};

function nameIn(names: Pick<Names, "nameOf">, principal: Principal): string {
  if (names.nameOf !== undefined) return names.nameOf(principal);
  switch (principal.kind) {
    case "account":
      return principal.accountId;
    case "group":
      return principal.groupId;
    case "accessClass":
      return principal.classId;
  }
}
