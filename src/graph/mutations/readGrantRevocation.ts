import type { ChangeFault } from "../../domain/ChangeFault.js";
import type { SpaceId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { SiteLoaders } from "../../loaders/SiteLoaders.js";
import { space } from "../../loaders/space.js";
import { spaceGrants } from "../../loaders/spaceGrants.js";
import type { Change } from "../../provisioning/Change.js";
import { provisioningDisabled } from "../../provisioning/provisioningDisabled.js";
import { readGrant } from "../../readings/readGrant.js";
import type { GraphContext } from "../GraphContext.js";
import { fault, type Locate, type ReadChange, readId } from "./readChange.js";

/**
 * The change that revokes a grant by its id. A membership and an assignment say it all in their id; a granular row is
 * looked up for what it gives. One that is not there any more, by a reading made for this, is `NOT_PRESENT`.
 */
export async function readGrantRevocation(context: GraphContext, grantId: string, locate: Locate): Promise<ReadChange> {
  const faults: ChangeFault[] = [];
  const id = readId(grantId, locate([]), ["Grant"], faults);
  const [first] = faults;
  if (id === null) return { faults: [first ?? fault("INVALID_INPUT", locate([]), "This is not the id of a Grant.")] };
  const { siteId } = id;
  if (id.kind === "membership") {
    return { siteId, locate, change: { kind: "revokeMembership", groupId: id.groupId, accountId: id.accountId } };
  }
  if (id.kind === "role") {
    const { spaceId, principal, roleId } = id;
    return { siteId, locate, change: { kind: "revokeRole", spaceId, principal, roleId } };
  }
  if (id.kind === "global" || id.kind === "nesting") {
    return { faults: [fault("NOT_REVOCABLE", locate([]), notRevocable[id.kind])] };
  }
  const loaders = context.sites.get(siteId);
  const provisioner = context.provisioners.get(siteId);
  if (loaders === undefined || provisioner === undefined) {
    return { faults: [fault("INVALID_INPUT", locate([]), `Site "${siteId}" is not configured here.`)] };
  }
  // What is switched off reads nothing either.
  if (!provisioner.isOn) return { faults: [provisioningDisabled(siteId)] };
  try {
    const isSpaceThere = (await loaders.of(space).get(id.spaceId)) !== null;
    if (!isSpaceThere) {
      return { faults: [fault("SPACE_NOT_FOUND", locate([]), `The site has no space ${id.spaceId}, or hides it.`)] };
    }
    const grant = (await readGrant(loaders, id)) ?? (await readAnew(loaders, id));
    if (grant?.kind !== "permission") return { settled: "NOT_PRESENT" };
    const { spaceId, principal, operation } = grant;
    const change: Change = { kind: "revokePermissions", spaceId, principal, operations: [operation] };
    return { siteId, locate, change };
  } catch (error) {
    if (!(error instanceof SiteError)) throw error;
    return { faults: [fault("STATE_UNKNOWN", [], error.message)] };
  }
}

/** Past the cache: a grant may be newer than what is remembered of its space. */
function readAnew(loaders: SiteLoaders, id: Parameters<typeof readGrant>[1] & { spaceId: SpaceId }) {
  loaders.store.of(spaceGrants).drop(id.spaceId);
  loaders.of(spaceGrants).clear(id.spaceId);
  return readGrant(loaders, id);
}

/** Confluence has calls to read these, and none to change them. */
const notRevocable = {
  global:
    "Permissions on the site as a whole cannot be changed by Confluence's API: change them in its administration, under Global Permissions, or take the account out of the group that holds them.",
  nesting:
    "Groups in groups cannot be changed by Confluence's API: change them in the user directory that holds them (LDAP, Crowd).",
} as const;
