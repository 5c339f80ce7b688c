import type { ChangeFault } from "../../domain/ChangeFault.js";
import type { ChangeOutcome } from "../../domain/ChangeOutcome.js";
import type { SiteId } from "../../domain/ids.js";
import type { Change } from "../../provisioning/Change.js";
import { isFinal } from "../../provisioning/requests/isFinal.js";
import type { Provenance } from "../../record/ChangeRecord.js";
import type { GraphContext } from "../GraphContext.js";
import { AccessChangeNode } from "../types/AccessChangeNode.js";
import { answerRequest, type ChangeInput, sitesFor } from "./answerRequest.js";
import { fault, type Locate, type ReadChange } from "./readChange.js";
import { forgetSettled, settledBy } from "./withEffects.js";

/** What became of one change, as plain data. */
export interface ChangeAnswer {
  readonly siteId: SiteId | null;
  /** `null` where the input could not be understood, or was found to be so already. */
  readonly change: Change | null;
  /** `null` where it is known what is asked for, and nothing is done yet. */
  readonly outcome: ChangeOutcome | null;
  readonly faults: readonly ChangeFault[];
  readonly plan: readonly string[];
  readonly changeId: string | null;
}

/** Several changes that one mutation asks for. */
interface AskedChanges {
  /** The field of `Mutation`. */
  readonly name: string;
  readonly input: ChangeInput;
  /** Reads each change from the input; some are looked up for it. */
  readonly reads: readonly (() => ReadChange | Promise<ReadChange>)[];
}

/**
 * What became of several changes, which may be of several sites; each ends by itself. Repeated under the same request id,
 * those that ended for good are answered as they ended, and the others are taken up again.
 */
export async function carryOut(
  context: GraphContext,
  { name, input, reads }: AskedChanges,
): Promise<{ readonly nodes: readonly AccessChangeNode[] } | { readonly fault: ChangeFault }> {
  const answered = await answerRequest<readonly ChangeAnswer[]>(context, {
    name,
    input,
    isFinal: (answers) => answers.every(isEnded),
    run: async (provenance, earlier, note) => {
      const known = earlier?.result ?? [];
      const pending = reads.map((read, index) => (isEnded(known[index]) ? null : read()));
      const changes = await Promise.all(
        pending.map(async (read, index): Promise<ReadChange | null> => {
          const found = await read;
          const { siteId = null, change = null } = known[index] ?? {};
          // What was looked up before a change may not be found after it.
          if (found === null || siteId === null || change === null) return found;
          return { siteId, change, locate: "locate" in found ? found.locate : () => [] };
        }),
      );
      if (pending.some((read) => read instanceof Promise)) {
        await note(changes.map((read, index) => known[index] ?? asked(read)));
      }
      const results = await carryOutRead(context, changes, { provenance, isDryRun: input.dryRun });
      return results.map((result, index) => result ?? known[index] ?? refused([lost]));
    },
  });
  if ("fault" in answered) return answered;
  const sites = sitesFor(context, answered.isRepeated);
  return { nodes: answered.result.map((answer) => nodeOf(sites, answer)) };
}

/** One change; an input that cannot be used is refused by itself, and its request id may be used again. */
export async function carryOutOne(
  context: GraphContext,
  { name, input, read }: { readonly name: string; readonly input: ChangeInput; readonly read: ReadChange },
): Promise<AccessChangeNode> {
  if ("faults" in read) return nodeOf(context.sites, refused(read.faults));
  const answered = await carryOut(context, { name, input, reads: [() => read] });
  const [node] = "fault" in answered ? [] : answered.nodes;
  return node ?? nodeOf(context.sites, refused(["fault" in answered ? answered.fault : lost]));
}

async function carryOutRead(
  context: GraphContext,
  changes: readonly (ReadChange | null)[],
  { provenance, isDryRun }: { readonly provenance: Provenance; readonly isDryRun: boolean },
): Promise<(ChangeAnswer | undefined)[]> {
  const answers = changes.map((read) => (read === null ? undefined : endedBefore(read)));
  const bySite = new Map<SiteId, { index: number; change: Change; locate: Locate }[]>();
  changes.forEach((read, index) => {
    if (read === null || !("siteId" in read)) return;
    const { siteId, change, locate } = read;
    bySite.set(siteId, [...(bySite.get(siteId) ?? []), { index, change, locate }]);
  });
  await Promise.all(
    [...bySite].map(async ([siteId, entries]) => {
      const provisioner = context.provisioners.get(siteId);
      const loaders = context.sites.get(siteId);
      if (provisioner === undefined || loaders === undefined) {
        for (const { index } of entries) answers[index] = refused([unknownSite(siteId)]);
        return;
      }
      const wanted = entries.map(({ change }) => change);
      const results = await provisioner.carryOut(wanted, provenance, isDryRun);
      if (!isDryRun) {
        forgetSettled(
          loaders,
          results.map(({ change }) => settledBy(change)),
        );
      }
      entries.forEach(({ index, locate }, position) => {
        const carriedOut = results[position];
        if (carriedOut === undefined) return;
        const { change, result } = carriedOut;
        const { fault: why, ...ended } = result;
        answers[index] = { siteId, change, ...ended, faults: why === null ? [] : [placed(why, locate)] };
      });
    }),
  );
  return answers;
}

/** Whether every repeat is answered this. */
function isEnded(answer: ChangeAnswer | undefined): boolean {
  if (answer === undefined || answer.outcome === null) return false;
  const { outcome, faults } = answer;
  return [null, ...faults].every((each) => isFinal({ outcome, fault: each }));
}

function nodeOf(sites: GraphContext["sites"], answer: ChangeAnswer): AccessChangeNode {
  const { siteId, change, outcome, faults, plan, changeId } = answer;
  const loaders = siteId === null ? undefined : sites.get(siteId);
  const isPlaced = loaders !== undefined && change !== null;
  return new AccessChangeNode(
    { outcome: outcome ?? "FAILED", faults, plan, changeId },
    isPlaced ? { loaders, change } : null,
  );
}

/** Only what is about a field of the change has a path; a failure upstream has none. */
function placed(why: ChangeFault, locate: Locate): ChangeFault {
  return why.field.length === 0 ? why : { ...why, field: locate(why.field) };
}

/** What ended while the input was read. */
function endedBefore(read: ReadChange): ChangeAnswer | undefined {
  if ("faults" in read) return refused(read.faults);
  return "settled" in read ? { ...nothing, outcome: read.settled } : undefined;
}

/** What is asked for, before it is done. */
function asked(read: ReadChange | null): ChangeAnswer {
  return read !== null && "siteId" in read ? { ...nothing, siteId: read.siteId, change: read.change } : nothing;
}

function refused(faults: readonly ChangeFault[]): ChangeAnswer {
  return { ...nothing, outcome: "FAILED", faults };
}

const nothing: ChangeAnswer = { siteId: null, change: null, outcome: null, faults: [], plan: [], changeId: null };

const lost = fault("INVALID_INPUT", [], "The change cannot be carried out.");

function unknownSite(siteId: string): ChangeFault {
  return fault("INVALID_INPUT", [], `The ids are of site "${siteId}", which is not configured here.`);
}
