import type { Deployment } from "../domain/Deployment.js";
import { groupSpelling } from "../domain/groupSpelling.js";
import type { GroupId } from "../domain/ids.js";
import type { Principal } from "../domain/Principal.js";
import type { SpaceGrant } from "../domain/SpaceGrant.js";

/**
 * A principal as the rows of a place spell it. Callers may name an access class by its id alone, and what the site calls its
 * type differs: `access-class` on Cloud, `anonymous` on Data Center, where the names that are ids of groups compare whatever
 * their case as well. Who holds nothing there stays as named.
 */
export function spelledAsHeld(
  principal: Principal,
  grants: readonly Pick<SpaceGrant, "principal">[],
  deployment: Deployment,
): Principal {
  const rows = grants.map((grant) => grant.principal);
  if (principal.kind === "group") return groupAsHeld(principal.groupId, rows, deployment);
  if (principal.kind !== "accessClass" || principal.reportedType !== "access-class") return principal;
  const isSameClass = (row: Principal): boolean =>
    row.kind === "accessClass" && row.classId === principal.classId && row.reportedType.toLowerCase() !== "role";
  // A row that says exactly what was asked for is the one that is meant.
  const isExact = (row: Principal): boolean =>
    isSameClass(row) && row.kind === "accessClass" && row.reportedType === principal.reportedType;
  return rows.find(isExact) ?? rows.find(isSameClass) ?? principal;
}

function groupAsHeld(groupId: GroupId, rows: readonly Principal[], deployment: Deployment): Principal {
  const held = rows.flatMap((row) => (row.kind === "group" ? [row.groupId] : []));
  const spelling = groupSpelling(deployment, groupId);
  const inAnyCase = () => held.find((id) => groupSpelling(deployment, id) === spelling);
  return { kind: "group", groupId: held.includes(groupId) ? groupId : (inAnyCase() ?? groupId) };
}
