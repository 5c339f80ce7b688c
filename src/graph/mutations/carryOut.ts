import type { ChangeFault } from "../../domain/ChangeFault.js";
import type { SiteId } from "../../domain/ids.js";
import { groupMembers } from "../../loaders/groupMembers.js";
import { memberOf } from "../../loaders/memberOf.js";
import type { SiteLoaders } from "../../loaders/SiteLoaders.js";
import { spaceGrants } from "../../loaders/spaceGrants.js";
import type { Provenance } from "../../provisioning/AuditLog.js";
import type { Change } from "../../provisioning/Change.js";
import type { GraphContext } from "../GraphContext.js";
import type { ProvenanceInput } from "../inputs/ProvenanceInput.js";
import { AccessChangeNode } from "../types/AccessChangeNode.js";
import { AccessChangesPayload } from "../types/payloads.js";
import { UserErrorNode } from "../types/UserErrorNode.js";
import { fault, type Locate, type ReadChange } from "./readChange.js";

/** Changes in one request at most. */
const maxChanges = 200;

/** What became of several changes, which may be of several sites; each ends by itself. */
export async function carryOut(
  context: GraphContext,
  changes: readonly ReadChange[],
  input: ProvenanceInput & { readonly dryRun: boolean },
): Promise<AccessChangeNode[]> {
  const nodes: (AccessChangeNode | undefined)[] = changes.map(endedBefore);
  const bySite = new Map<SiteId, { index: number; change: Change; locate: Locate }[]>();
  changes.forEach((read, index) => {
    if (!("siteId" in read)) return;
    const { siteId, change, locate } = read;
    bySite.set(siteId, [...(bySite.get(siteId) ?? []), { index, change, locate }]);
  });
  await Promise.all(
    [...bySite].map(async ([siteId, entries]) => {
      const provisioner = context.provisioners.get(siteId);
      const loaders = context.sites.get(siteId);
      if (provisioner === undefined || loaders === undefined) {
        for (const { index } of entries) nodes[index] = refused([unknownSite(siteId)]);
        return;
      }
      const asked = entries.map(({ change }) => change);
      const results = await provisioner.carryOut(asked, provenanceOf(context, input), input.dryRun);
      if (!input.dryRun) for (const change of asked) forgetChange(loaders, change);
      entries.forEach(({ index, change, locate }, position) => {
        const result = results[position];
        if (result === undefined) return;
        const faults = result.fault === null ? [] : [placed(result.fault, locate)];
        nodes[index] = new AccessChangeNode({ ...result, faults }, { loaders, change });
      });
    }),
  );
  return nodes.map((node) => node ?? refused([fault("INVALID_INPUT", [], "The change cannot be carried out.")]));
}

/** The same for a list that the caller gave; a list that is empty or too long is refused whole. */
export async function carryOutList<Item>(
  context: GraphContext,
  list: { readonly field: string; readonly items: readonly Item[] },
  read: (item: Item, index: number) => ReadChange | Promise<ReadChange>,
  input: ProvenanceInput & { readonly dryRun: boolean },
): Promise<AccessChangesPayload> {
  const { field, items } = list;
  if (items.length === 0 || items.length > maxChanges) {
    const isEmpty = items.length === 0;
    const message = isEmpty
      ? "The list is empty: name at least one."
      : `At most ${maxChanges} can be changed in one request; ${items.length} were asked for. Send several requests.`;
    const refusal = fault(isEmpty ? "INVALID_INPUT" : "TOO_MANY_CHANGES", [field], message);
    return new AccessChangesPayload([], [new UserErrorNode(refusal)]);
  }
  const changes = await Promise.all(items.map(read));
  return new AccessChangesPayload(await carryOut(context, changes, input), []);
}

/** Who asks and why, for the audit. */
export function provenanceOf(context: GraphContext, input: ProvenanceInput): Provenance {
  return {
    requestId: context.requestId,
    callerRequestId: input.requestId ?? null,
    requestedBy: context.requestedBy,
    reason: input.reason ?? null,
  };
}

/** Only what is about a field of the change has a path; a failure upstream has none. */
function placed(fault: ChangeFault, locate: Locate): ChangeFault {
  return fault.field.length === 0 ? fault : { ...fault, field: locate(fault.field) };
}

/** What ended while the input was read. */
function endedBefore(read: ReadChange): AccessChangeNode | undefined {
  if ("faults" in read) return refused(read.faults);
  if ("settled" in read) return new AccessChangeNode({ outcome: read.settled, faults: [], plan: [] }, null);
  return undefined;
}

/** What this request read before the change must not answer for it afterwards. */
export function forgetChange(loaders: SiteLoaders, change: Change): void {
  if ("groupId" in change) {
    loaders.of(groupMembers).clear(change.groupId);
    loaders.of(memberOf).clear(change.accountId);
  } else loaders.of(spaceGrants).clear(change.spaceId);
  loaders.forgetComputed();
}

function refused(faults: readonly ChangeFault[]): AccessChangeNode {
  return new AccessChangeNode({ outcome: "FAILED", faults, plan: [] }, null);
}

function unknownSite(siteId: string): ChangeFault {
  return fault("INVALID_INPUT", [], `The ids are of site "${siteId}", which is not configured here.`);
}
