import { acknowledgements, type ChangeFault, type ChangeOutcome, type Reach } from "../../domain/Change.js";
import type { RoleId, SiteId } from "../../domain/ids.js";
import { type Afterwards, readAnew } from "../../provisioning/aftermath.js";
import type { AskedChange } from "../../provisioning/Change.js";
import { isFinal } from "../../provisioning/Requests.js";
import type { Provenance } from "../../record/ChangeRecord.js";
import { maxChangesPerRequest } from "../limits/budgets.js";
import { forbidden } from "../schema/authorization/forbidden.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { AccessChangeNode, AccessChangesPayload } from "./AccessChangeNode.js";
import { answerRequest, type ChangeInput, effectOf, forgetEffects, sitesFor } from "./answerRequest.js";
import { UserErrorNode } from "./changeEnums.js";
import { fault, type Locate, type ReadChange } from "./readChange.js";

/** What became of one change, as plain data. */
interface ChangeAnswer {
  readonly siteId: SiteId | null;
  /** `null` where the input could not be understood. */
  readonly change: AskedChange | null;
  /** See `CarriedOut.otherRoleId`. */
  readonly otherRoleId: RoleId | null;
  /** `null` where it is known what is asked for, and nothing is done yet. */
  readonly outcome: ChangeOutcome | null;
  readonly faults: readonly ChangeFault[];
  readonly plan: readonly string[];
  readonly changeId: string | null;
  /** How far the plan goes beyond what it names. */
  readonly reach?: readonly Reach[];
}

/** Several changes that one mutation asks for. */
interface AskedChanges {
  /** The field of `Mutation`. */
  readonly name: string;
  readonly input: ChangeInput;
  /** Reads each change from the input. */
  readonly reads: readonly (() => ReadChange)[];
}

/**
 * What became of several changes, which may be of several sites; each ends by itself. Repeated under the same request id,
 * those that ended for good are answered as they ended, and the others are taken up again.
 */
async function carryOut(
  context: GraphContext,
  { name, input, reads }: AskedChanges,
): Promise<{ readonly nodes: readonly AccessChangeNode[] } | { readonly fault: ChangeFault }> {
  // How things stand afterwards is no plain data; of what ended in an earlier call it is read anew.
  const afters = new Map<number, Afterwards>();
  const answered = await answerRequest<readonly ChangeAnswer[]>(context, {
    name,
    input,
    isFinal: (answers) => answers.every(isEnded),
    run: async (provenance, earlier, isDryRun) => {
      afters.clear();
      const known = earlier?.result ?? [];
      const changes = reads.map((read, index) => (isEnded(known[index]) ? null : read()));
      const results = await carryOutRead(context, changes, { provenance, isDryRun, afters });
      return results.map((result, index) => result ?? known[index] ?? refused([lost]));
    },
  });
  if ("fault" in answered) return answered;
  if (answered.isAskedAgain) {
    for (const { siteId, change } of answered.result) {
      if (siteId !== null && change !== null) context.sites.get(siteId)?.store.changedBefore(effectOf(change));
    }
  }
  const sites = sitesFor(context, answered.isRepeated);
  return { nodes: answered.result.map((answer, index) => nodeOf(sites, answer, afters.get(index))) };
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

interface CarryingOut {
  readonly provenance: Provenance;
  readonly isDryRun: boolean;
  /** Planned only, and also where changes are switched off. */
  readonly isRehearsal?: boolean;
  /** Takes how things stand after each change. */
  readonly afters: Map<number, Afterwards>;
}

async function carryOutRead(
  context: GraphContext,
  changes: readonly (ReadChange | null)[],
  { provenance, isDryRun, isRehearsal = false, afters }: CarryingOut,
): Promise<(ChangeAnswer | undefined)[]> {
  const answers = changes.map((read) => (read === null ? undefined : endedBefore(read)));
  const bySite = new Map<SiteId, { index: number; change: AskedChange; locate: Locate }[]>();
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
      if (isRehearsal && !context.caller.may("read", siteId)) throw forbidden("read", siteId);
      const wanted = entries.map(({ change }) => change);
      const results = await (isRehearsal
        ? provisioner.rehearse(wanted, provenance)
        : provisioner.carryOut(wanted, provenance, isDryRun));
      if (!isDryRun) {
        forgetEffects(
          loaders,
          results.map(({ change }) => effectOf(change)),
          false,
        );
      }
      entries.forEach(({ index, locate }, position) => {
        const carriedOut = results[position];
        if (carriedOut === undefined) return;
        const { change, result, otherRoleId, after } = carriedOut;
        const { fault: why, ...ended } = result;
        answers[index] = { siteId, change, otherRoleId, ...ended, faults: why === null ? [] : [placed(why, locate)] };
        if (after !== null) afters.set(index, after);
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

function nodeOf(sites: GraphContext["sites"], answer: ChangeAnswer, told?: Afterwards): AccessChangeNode {
  const { siteId, change, otherRoleId, outcome, faults, plan, changeId, reach = [] } = answer;
  const loaders = siteId === null ? undefined : sites.get(siteId);
  const facts = { outcome: outcome ?? "FAILED", faults, plan, changeId, reach };
  if (loaders === undefined || change === null) return new AccessChangeNode(facts, null);
  const isOff = faults.some(({ code }) => code === "PROVISIONING_DISABLED");
  // What is switched off reads nothing either.
  const after = told ?? (isOff ? null : readAnew(loaders.store));
  return new AccessChangeNode(facts, {
    loaders,
    change,
    otherRoleId: otherRoleId ?? null,
    after,
    isFound: told !== undefined,
  });
}

/** Only what is about a field of the change has a path; a failure upstream has none. */
function placed(why: ChangeFault, locate: Locate): ChangeFault {
  return why.field.length === 0 ? why : { ...why, field: locate(why.field) };
}

/** What ended while the input was read. */
function endedBefore(read: ReadChange): ChangeAnswer | undefined {
  if ("faults" in read) return refused(read.faults);
  return undefined;
}

function refused(faults: readonly ChangeFault[]): ChangeAnswer {
  return { ...nothing, outcome: "FAILED", faults };
}

const nothing: ChangeAnswer = {
  siteId: null,
  change: null,
  otherRoleId: null,
  outcome: null,
  faults: [],
  plan: [],
  changeId: null,
};

const lost = fault("INVALID_INPUT", [], "The change cannot be carried out.");

function unknownSite(siteId: string): ChangeFault {
  return fault("INVALID_INPUT", [], `The ids are of site "${siteId}", which is not configured here.`);
}

/** What became of a list of changes that the caller gave; one that is empty or too long is refused whole. */
export async function carryOutList<Item>(
  context: GraphContext,
  name: string,
  list: { readonly field: string; readonly items: readonly Item[] },
  read: (item: Item, index: number) => ReadChange,
  input: ChangeInput,
): Promise<AccessChangesPayload> {
  const { items } = list;
  const refusal = refusalOf(list);
  if (refusal !== null) return new AccessChangesPayload([], [new UserErrorNode(refusal)]);
  const reads = items.map((item, index) => () => read(item, index));
  const answered = await carryOut(context, { name, input, reads });
  return "fault" in answered
    ? new AccessChangesPayload([], [new UserErrorNode(answered.fault)])
    : new AccessChangesPayload([...answered.nodes], []);
}

/** What a list of changes would come to, whether or not changes are switched on; nothing of it is written or remembered. */
export async function rehearseList<Item>(
  context: GraphContext,
  list: { readonly field: string; readonly items: readonly Item[] },
  read: (item: Item, index: number) => ReadChange,
): Promise<AccessChangesPayload> {
  const refusal = refusalOf(list);
  if (refusal !== null) return new AccessChangesPayload([], [new UserErrorNode(refusal)]);
  const { requestId, caller, requestedBy } = context;
  // Who only looks ahead need not acknowledge anything.
  const provenance = {
    requestId,
    caller: caller.name,
    requestedBy,
    callerRequestId: null,
    reason: null,
    acknowledged: acknowledgements,
  };
  const afters = new Map<number, Afterwards>();
  const answers = await carryOutRead(context, list.items.map(read), {
    ...{ provenance, afters },
    ...{ isDryRun: true, isRehearsal: true },
  });
  const nodes = answers.map((answer, index) => nodeOf(context.sites, answer ?? refused([lost]), afters.get(index)));
  return new AccessChangesPayload(nodes, []);
}

/** A list that is empty or too long is refused whole. */
function refusalOf({
  field,
  items,
}: {
  readonly field: string;
  readonly items: readonly unknown[];
}): ChangeFault | null {
  if (items.length === 0) return fault("INVALID_INPUT", [field], "The list is empty: name at least one.");
  if (items.length <= maxChangesPerRequest) return null;
  const message = `At most ${maxChangesPerRequest} can be changed in one request; ${items.length} were asked for. Send several requests.`;
  return fault("TOO_MANY_CHANGES", [field], message);
}
