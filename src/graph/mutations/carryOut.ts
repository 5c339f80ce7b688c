import type { ChangeFault } from "../../domain/ChangeFault.js";
import type { SiteId } from "../../domain/ids.js";
import type { Change } from "../../provisioning/Change.js";
import type { GraphContext } from "../GraphContext.js";
import type { ProvenanceInput } from "../inputs/ProvenanceInput.js";
import { AccessChangeNode } from "../types/AccessChangeNode.js";
import { provenanceOf } from "./provenanceOf.js";
import { fault, type Locate, type ReadChange } from "./readChange.js";
import { forgetSettled, settledBy, withEffects } from "./withEffects.js";

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
      const provenance = provenanceOf(context, input);
      const results = await withEffects(context, () => provisioner.carryOut(asked, provenance, input.dryRun));
      if (!input.dryRun) {
        forgetSettled(
          loaders,
          results.map(({ change }) => settledBy(change)),
        );
      }
      entries.forEach(({ index, locate }, position) => {
        const carriedOut = results[position];
        if (carriedOut === undefined) return;
        const { change, result } = carriedOut;
        const faults = result.fault === null ? [] : [placed(result.fault, locate)];
        nodes[index] = new AccessChangeNode({ ...result, faults }, { loaders, change });
      });
    }),
  );
  return nodes.map((node) => node ?? refused([fault("INVALID_INPUT", [], "The change cannot be carried out.")]));
}

/** Only what is about a field of the change has a path; a failure upstream has none. */
function placed(fault: ChangeFault, locate: Locate): ChangeFault {
  return fault.field.length === 0 ? fault : { ...fault, field: locate(fault.field) };
}

/** What ended while the input was read. */
function endedBefore(read: ReadChange): AccessChangeNode | undefined {
  if ("faults" in read) return refused(read.faults);
  if ("settled" in read)
    return new AccessChangeNode({ outcome: read.settled, faults: [], plan: [], changeId: null }, null);
  return undefined;
}

function refused(faults: readonly ChangeFault[]): AccessChangeNode {
  return new AccessChangeNode({ outcome: "FAILED", faults, plan: [], changeId: null }, null);
}

function unknownSite(siteId: string): ChangeFault {
  return fault("INVALID_INPUT", [], `The ids are of site "${siteId}", which is not configured here.`);
}
