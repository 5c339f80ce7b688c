import { type Complete, withItems } from "../domain/Complete.js";
import {
  globalGrantKey,
  grantKey,
  type SiteWideGrant,
  type SpaceGrant,
  type StoredSpaceGrant,
} from "../domain/Grant.js";
import type { SpaceId } from "../domain/ids.js";
import type { Operation } from "../domain/Operation.js";
import { type Principal, principalKey } from "../domain/Principal.js";
import type { PermissionModel } from "../domain/Site.js";
import { isOfKind, orSiteError, SiteError } from "../domain/SiteError.js";
import { isPermissionLeftOut, leavesOutSpaces } from "../domain/Space.js";
import { compareText, sortedDistinct } from "../domain/textOrder.js";
import { isGoneWith, touchedOnlyOne } from "./effects.js";
import {
  defineListLoader,
  type FetchReader,
  type OnlyOne,
  onlyOne,
  type ValueReader,
} from "./engine/LoaderDeclaration.js";
import { heapEstimates, maxSeenOperations } from "./limits.js";
import { permissionModel } from "./site.js";
import { space } from "./spaces.js";

/**
 * Everything a space grants, ordered by its grant key: granular rows, and role assignments where the site has roles. Without
 * what the configuration leaves out.
 */
export const spaceGrants = defineListLoader<SpaceId, StoredSpaceGrant>({
  name: "spaceGrants",
  upstream: "call-per-key",
  lifetime: "grants",
  touchedBy: (event) => {
    if (event.kind === "spaceGrantsChanged") return [event.spaceId];
    // Whether they went with their holder is not documented everywhere: what they are now is read again.
    return event.kind === "groupDeleted" || event.kind === "accountRemoved"
      ? { where: ({ items }) => items.some(({ principal }) => isGoneWith(principal, event)) }
      : [];
  },
  fetch: async (reader, ids, handOn) => {
    const { shown, unknown } = await readShown(reader, ids);
    if (shown.length === 0) return unknown;
    const model = await readModel(reader);
    const shared = new SharedParts();
    const stored = new Map<SpaceId, Complete<StoredSpaceGrant> | SiteError>(unknown);
    const take = async (id: SpaceId, outcome: Complete<SpaceGrant> | SiteError) => {
      if (outcome instanceof SiteError) {
        stored.set(id, outcome);
        return;
      }
      const grants = withItems(outcome, storedGrants(reader, id, outcome, shared));
      stored.set(id, grants);
      if (grants.gaps.length === 0) handOn(id, grants);
      await reader.giveWay(outcome.items.length);
    };
    // Each as it comes, while the next are awaited.
    for (const [id, outcome] of await reader.site.spaces.grantsOf(shown, model, reader.notBeforeMs, take))
      if (!stored.has(id)) await take(id, outcome);
    return stored;
  },
  tells: async (reader, { items }) => {
    for (const grant of items) if (grant.kind === "permission") reader.noteOperation(grant.operation, "GRANT");
    await reader.giveWay(items.length);
  },
  bytesPerItem: heapEstimates.grant,
});

/** A model that cannot be read is unknown, not `PRE_ROLES`: then assignments are asked for and their absence is a gap. */
async function readModel(reader: FetchReader<SpaceId>): Promise<PermissionModel> {
  const [known] = await reader.consult(permissionModel, [onlyOne]);
  const model = orSiteError(known);
  return model instanceof SiteError ? "UNKNOWN" : (model?.model ?? "UNKNOWN");
}

interface ShownSpaces {
  readonly shown: readonly SpaceId[];
  /** Of which nobody knows whether they are left out. They fail: what they grant is not shown on the chance that it may be. */
  readonly unknown: ReadonlyMap<SpaceId, SiteError>;
}

/** Which of some spaces are shown: where any are left out, only those that were read and are not. */
async function readShown(reader: FetchReader<SpaceId>, ids: readonly SpaceId[]): Promise<ShownSpaces> {
  if (!leavesOutSpaces(reader.site.leftOut)) return { shown: ids, unknown: new Map() };
  const spaces = await reader.consult(space, ids);
  const unknown = new Map<SpaceId, SiteError>();
  const shown = ids.filter((id, index) => {
    const known = orSiteError(spaces[index] ?? null);
    if (known instanceof SiteError) unknown.set(id, known);
    return known !== null && !(known instanceof SiteError);
  });
  return { shown, unknown };
}

/** Made once when read, not at each request: a space may grant thousands of times. */
function storedGrants(
  reader: FetchReader<SpaceId>,
  spaceId: SpaceId,
  { items, asOfMs }: Complete<SpaceGrant>,
  shared: SharedParts,
): readonly StoredSpaceGrant[] {
  const { siteId, leftOut } = reader.site;
  const grants: StoredSpaceGrant[] = [];
  // Field by field: spreading takes several times as long, and there are hundreds of thousands.
  for (const grant of items) {
    const principal = shared.principal(grant.principal);
    const key = grantKey(spaceId, grant);
    if (grant.kind === "role")
      grants.push({ kind: "role", principal, roleId: grant.roleId, siteId, spaceId, key, asOfMs });
    else if (!isPermissionLeftOut(grant.operation, leftOut)) {
      const { permissionId } = grant;
      const operation = shared.operation(grant.operation);
      grants.push({ kind: "permission", permissionId, principal, operation, siteId, spaceId, key, asOfMs });
      reader.noteOperation(operation, "GRANT");
    }
  }
  return sortedDistinct(grants, byGrantKey);
}

/** Operations of all sites, each once: by their keys, and by what they are on. */
const operations = new Map<string, Map<string, Operation>>();
let operationsKept = 0;

/** A site names a few operations, and the same holders in many rows: rows that are read together share them. */
class SharedParts {
  readonly #accounts = new Map<string, Principal>();
  readonly #groups = new Map<string, Principal>();
  readonly #classes = new Map<string, Principal>();

  principal(principal: Principal): Principal {
    switch (principal.kind) {
      case "account":
        return sharedUnder(this.#accounts, principal.accountId, principal);
      case "group":
        return sharedUnder(this.#groups, principal.groupId, principal);
      default:
        return sharedUnder(this.#classes, principalKey(principal), principal);
    }
  }

  operation(operation: Operation): Operation {
    const known = operations.get(operation.key)?.get(operation.target);
    if (known !== undefined || operationsKept >= maxSeenOperations) return known ?? operation;
    const targets = operations.get(operation.key) ?? new Map<string, Operation>();
    operations.set(operation.key, targets.set(operation.target, operation));
    operationsKept += 1;
    return operation;
  }
}

function sharedUnder<T>(all: Map<string, T>, key: string, one: T): T {
  const known = all.get(key);
  if (known === undefined) all.set(key, one);
  return known ?? one;
}

function byGrantKey(left: { readonly key: string }, right: { readonly key: string }): number {
  return compareText(left.key, right.key);
}

/** The permissions on the site as a whole, ordered by key; absent where the site has none, or its version does not tell. */
export const globalGrants = defineListLoader<OnlyOne, SiteWideGrant>({
  name: "globalGrants",
  upstream: "call-per-key",
  lifetime: "grants",
  // Whether they go with their holder is the site's business.
  touchedBy: (event) => touchedOnlyOne(event, { groupDeleted: true, accountRemoved: true }),
  fetch: async (reader) => {
    const { siteId, globalGrants: read } = reader.site;
    if (read === null) return new Map();
    try {
      const list = await read();
      const items = list.items.map(
        (grant): SiteWideGrant => ({
          ...grant,
          kind: "global",
          siteId,
          key: globalGrantKey(grant),
          asOfMs: list.asOfMs,
        }),
      );
      tellGrants(reader, { items });
      return new Map([[onlyOne, { ...list, items: sortedDistinct(items, byGrantKey) }]]);
    } catch (error) {
      if (isOfKind(error, "Unsupported")) return new Map();
      throw error;
    }
  },
  tells: tellGrants,
  bytesPerItem: heapEstimates.grant,
});

function tellGrants(reader: ValueReader, { items }: Pick<Complete<SiteWideGrant>, "items">): void {
  for (const { operation } of items) reader.noteOperation(operation, "GRANT");
}
