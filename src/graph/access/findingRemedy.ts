import type { Finding, FoundGrant } from "../../access/findings/Finding.js";
import { administerSpace } from "../../access/findings/SiteScan.js";
import { type Grant, grantKey, membershipKey } from "../../domain/Grant.js";
import type { SiteId } from "../../domain/ids.js";
import { readSpace } from "../../domain/Operation.js";
import { encodeGlobalId, grantAddress } from "../schema/GlobalId.js";

/** A grant behind a finding, as the graph has it. */
export function grantOf(siteId: SiteId, found: FoundGrant, asOfMs: number): Grant {
  if (found.kind === "membership") {
    const { accountId, groupId } = found;
    return { kind: "membership", siteId, asOfMs, accountId, groupId, key: membershipKey(groupId, accountId) };
  }
  const { spaceId, grant } = found;
  return { ...grant, siteId, asOfMs, spaceId, key: grantKey(spaceId, grant) };
}

/** The input of the mutation that ends a finding, as plain data. */
export function remedyInput(siteId: SiteId, { remedy }: Pick<Finding, "remedy">): Readonly<Record<string, unknown>> {
  if (remedy.mutation === "revokeGrants") {
    const idOf = (found: FoundGrant) =>
      encodeGlobalId({ type: "Grant", siteId, ...grantAddress(grantOf(siteId, found, 0)) });
    return { grants: remedy.grants.map(idOf) };
  }
  const { spaceId, roleId } = remedy;
  const what =
    roleId === null
      ? { permissions: [readSpace, administerSpace].map(({ key, target }) => ({ operation: key, target })) }
      : { role: encodeGlobalId({ type: "SpaceRole", siteId, roleId }) };
  return { space: encodeGlobalId({ type: "Space", siteId, spaceId }), principal: null, ...what };
}
