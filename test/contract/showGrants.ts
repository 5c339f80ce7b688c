import type { SpaceGrant } from "../../src/domain/Grant.js";
import type { ExpectedGrant } from "./SiteUnderTest.js";

/** Grants in one line each and in order, without the ids of their rows: what two readings are compared by. */
export function showGrants(grants: readonly ExpectedGrant[]): string[] {
  return grants.map((grant) => JSON.stringify([principalOf(grant), grantedBy(grant)])).sort();
}

/** One grant as it was read, worded as `showGrants` words it. */
export function showGrant(grant: SpaceGrant): string {
  const [shown = ""] = showGrants([
    grant.kind === "role" ? grant : { ...grant, operation: `${grant.operation.key}/${grant.operation.target}` },
  ]);
  return shown;
}

function grantedBy(grant: ExpectedGrant): string {
  return grant.kind === "role" ? `role ${grant.roleId}` : grant.operation;
}

function principalOf({ principal }: ExpectedGrant): readonly string[] {
  switch (principal.kind) {
    case "account":
      return ["account", principal.accountId];
    case "group":
      return ["group", principal.groupId];
    case "accessClass":
      return ["class", principal.classId, principal.reportedType];
  }
}
