import type { PersonFragment, StepFragment } from "../generated/operations.ts";

export type Way = PersonFragment["paths"][number];
type Permission = PersonFragment["permissions"][number];

/** What ends a way of one person's without touching anybody else's, or why nothing does. */
export type Ending =
  | { readonly kind: "revoke"; readonly grant: string; readonly what: string }
  | { readonly kind: "stays"; readonly why: string };

const whyNot: Readonly<Record<string, string>> = {
  GROUP_MANAGED_EXTERNALLY: "the group is managed outside Atlassian: change it there",
  NESTING_NOT_WRITABLE: "groups cannot be taken out of groups here: change it in the directory",
  NOT_ADDRESSABLE: "the site has no call for it",
  SITE_WIDE: "it is a permission on the whole site: change it in its administration",
  GRANULAR_WRITES_REFUSED: "the site refuses changes of single permissions",
};

export function nameOf({ operation, target }: Permission): string {
  return `${operation} ${target}`.toLowerCase().replaceAll("_", " ");
}

/** A few of them by name, reading first, because without it nothing else counts. */
export function summarize(permissions: readonly Permission[], shown = 3): string {
  const names = permissions
    .map(nameOf)
    .sort((one, other) => Number(other === "read space") - Number(one === "read space"));
  return names.length > shown + 1
    ? `${names.slice(0, shown).join(", ")} and ${names.length - shown} more`
    : names.join(", ");
}

/** A person's own step is the first of a way: the membership, or what the space grants to the person directly. */
export function endingOf(way: Way, account: string): Ending {
  const [own] = way.grants;
  if (own === undefined) return { kind: "stays", why: "what the account is gives it" };
  if (own.principal.__typename !== "Account" || own.principal.id !== account) {
    return { kind: "stays", why: "everybody in the class has it: change what the space grants to the class" };
  }
  if (own.isRevocable) return { kind: "revoke", grant: own.id, what: tellStep(own) };
  const reason = own.irrevocableReason === null ? undefined : whyNot[own.irrevocableReason];
  return { kind: "stays", why: reason ?? "whether it can be revoked could not be read" };
}

function tellStep({ principal, entitlement }: StepFragment): string {
  switch (entitlement.__typename) {
    case "GroupMembership":
      return `member of ${entitlement.group.name ?? entitlement.group.groupId}`;
    case "SpaceRoleAssignment":
      return `role ${entitlement.role.name ?? "unknown"}${holder(principal)}`;
    case "SpacePermission":
      return `${nameOf(entitlement.permission)}${holder(principal)}`;
    default:
      return `a permission on the whole site${holder(principal)}`;
  }
}

function holder(principal: StepFragment["principal"]): string {
  if (principal.__typename === "Account") return ", granted directly";
  return principal.__typename === "Group"
    ? `, granted to ${principal.name ?? principal.groupId}`
    : `, granted to “${principal.name ?? principal.classId}”`;
}

/** The steps of a way in words, from the person to the space. */
export function tellWay(way: Way): string {
  const steps = way.grants.map(tellStep).join(" → ");
  return way.isSuperUser ? `${steps} → may do everything on this site` : steps;
}
