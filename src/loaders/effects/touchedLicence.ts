import type { ConfluenceSite } from "../../confluence/port.js";
import type { ChangeEvent } from "../../domain/Change.js";
import type { AccountId } from "../../domain/ids.js";

/**
 * Whose licence a change of groups or roles may have given or taken, where anything tells licences: groups decide them on Data
 * Center, and groups and roles those of an organization. A deleted group may have been everybody's.
 */
export function touchedLicence(event: ChangeEvent, site: ConfluenceSite): readonly AccountId[] | "all" {
  if (site.accounts.active === null && site.organization === null) return [];
  switch (event.kind) {
    case "membershipChanged":
    case "productRoleChanged":
      return [event.accountId];
    case "groupDeleted":
      return "all";
    default:
      return [];
  }
}
