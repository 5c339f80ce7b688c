import { isInputObjectType, parse } from "graphql";
import type { World } from "../../sandbox/src/world/World.js";
import type { Clock } from "../../src/domain/Clock.js";
import { buildGraphSchema } from "../../src/graph/schema/buildGraphSchema.js";
import type { ChangeRecord, RecordedChange } from "../../src/record/ChangeRecord.js";
import type { Locks } from "../../src/record/Locks.js";
import { deployments, startDeployment } from "../sweep/deployments.js";
import type { EdgeCall, EdgeReply } from "../sweep/FaultyEdge.js";
import { openGraph } from "../sweep/openGraph.js";
import { documentOf, mutations, payloadIn } from "../sweep/writes/cases.js";
import { isWrite } from "../sweep/writes/faults.js";
import { VirtualClock } from "../sweep/writes/VirtualClock.js";
import { readFacts } from "../sweep/writes/worldFacts.js";
import { administered } from "./administrators.js";
import { changeAt, type ModelChange, sceneOf } from "./changes.js";
import { Dice } from "./Dice.js";
import { type EndedChange, judgeWorld } from "./judgeWorld.js";

/** What two compositions share: as two processes over one database would, or as two parts of one process. */
export interface SharedRecord {
  readonly parts: readonly { readonly record: ChangeRecord; readonly locks: Locks }[];
  close(): Promise<void>;
}

export type OpenShared = (clock: Clock) => Promise<SharedRecord>;

export interface SequenceResult {
  readonly seed: string;
  readonly deployment: string;
  readonly ended: readonly EndedChange[];
  /** What the world or the record belies. */
  readonly untruths: readonly string[];
  /** Spaces that somebody active administered, and nobody does any more. */
  readonly leftAlone: readonly string[];
}

const kinds = [
  "cloud PRE_ROLES",
  "cloud ROLES_TRANSITION organization",
  "cloud ROLES scim",
  "datacenter 10.2.0",
  "datacenter 8.3.0",
];

const { schema } = buildGraphSchema();

/**
 * Changes by three callers over two compositions of the product, with faults upstream: what they were answered, and what of it is
 * not so in the end.
 */
export async function runSequence(seed: string, length: number, openShared: OpenShared): Promise<SequenceResult> {
  const dice = new Dice(seed);
  const name = dice.pick(kinds, "deployment");
  const deployment = deployments.find((each) => each.name === name);
  if (deployment === undefined) throw new Error(`There is no deployment ${name}.`);
  const clock = new VirtualClock();
  const started = await startDeployment(deployment, { isProvisioningOn: true, sandbox: { clock } });
  const shared = await openShared(clock);
  const graphs = shared.parts.map((part) => openGraph(started.site, { clock, ...part }));
  try {
    const { sandbox, edge, site } = started;
    const scene = sceneOf(site.siteId, name, dice.roll("suspends") < 0.4);
    const changes = Array.from({ length }, (_, at) => changeAt(at, scene, dice));
    const before = { facts: await readFacts(sandbox), world: sandbox.world() };
    const faults = new Misfortune(dice);
    edge.begin(
      (call, reply) => faults.after(call, reply),
      (call) => faults.before(call),
    );
    const ended: EndedChange[] = [];
    let moment = 0;
    const carryOut = async (change: ModelChange) => {
      const began = moment++;
      const input = inputOf(change, `${seed}/${change.at}`);
      const document = parse(documentOf(change.mutation));
      const answer = await graphs[change.graph]?.ask(document, { input }, `caller ${change.caller}`);
      const payload = payloadIn(answer?.data);
      const told = payload?.changes?.[0] ?? payload;
      const cause = answer?.errors[0]?.cause ?? null;
      ended.push({
        ...{ change, began, ended: moment++, cause },
        ...{ outcome: told?.outcome ?? "ERROR", code: told?.userErrors[0]?.code ?? null },
      });
    };
    await Promise.all(
      [0, 1, 2].map(async (caller) => {
        for (const change of changes) if (change.caller === caller) await carryOut(change);
      }),
    );
    clock.pass(60_000);
    const after = await readFacts(sandbox);
    const [first] = shared.parts;
    const recorded = await first?.record.changes(everything([site.siteId]), null, 10_000);
    return {
      seed,
      deployment: name,
      ended,
      untruths: [
        ...judgeWorld(ended, before.facts, after),
        ...judgeRecord(
          ended,
          (recorded ?? []).filter((each) => requestOf(each)?.startsWith(`${seed}/`)),
          seed,
        ),
      ],
      leftAlone: leftAlone(before.world, sandbox.world(), site.organization !== null),
    };
  } finally {
    await Promise.all(graphs.map((graph) => graph.close()));
    await shared.close();
    await started.close();
  }
}

function inputOf({ mutation, input }: ModelChange, requestId: string): Readonly<Record<string, unknown>> {
  const type = schema.getType(mutations[mutation]?.type ?? "");
  const fields = isInputObjectType(type) ? Object.keys(type.getFields()) : [];
  const reach = fields.includes("acknowledgeOrganizationWide") ? { acknowledgeOrganizationWide: true } : {};
  return { ...input, ...reach, requestId };
}

const everything = (siteIds: Parameters<ChangeRecord["changes"]>[0]["siteIds"]) => ({
  ...{ siteIds, actions: null, callerRequestId: null, changeIds: null },
  ...{ linked: null, subject: null, sinceMs: null, untilMs: null },
});

function requestOf({ attempt, result }: RecordedChange): string | null {
  return (attempt ?? result)?.callerRequestId ?? null;
}

/** The record tells what was answered: every attempt has its result, and nothing is done that it does not hold. */
function judgeRecord(ended: readonly EndedChange[], recorded: readonly RecordedChange[], seed: string): string[] {
  const untruths: string[] = [];
  for (const { change, outcome } of ended) {
    const entries = recorded.filter((each) => requestOf(each) === `${seed}/${change.at}`);
    const title = `change ${change.at} (${change.mutation})`;
    if (entries.some(({ result }) => result === null)) untruths.push(`${title} is on record without its result`);
    const told = entries.map(({ result }) => result?.outcome);
    if (told.some((each) => each !== outcome)) untruths.push(`${title} says ${outcome}, the record ${told.join(", ")}`);
    if (["CREATED", "REPLACED", "REMOVED"].includes(outcome) && told.length === 0)
      untruths.push(`${title} says ${outcome}, and is not on record`);
  }
  return untruths;
}

/** A space that somebody active administered has somebody still: nothing of what is asked for is acknowledged. */
function leftAlone(before: World, after: World, hasOrganization: boolean): string[] {
  const still = administered(after, hasOrganization);
  return [...administered(before, hasOrganization)]
    .filter((id) => !still.has(id))
    .map((id) => `space ${id} is left without an active administrator`);
}

/** What goes wrong upstream: by the call and how often it was made, so that it is the same in every run of a seed. */
class Misfortune {
  readonly #dice: Dice;
  readonly #counts = new Map<string, number>();

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  before(call: EdgeCall): EdgeReply | "cut" | null {
    const count = (this.#counts.get(call.subject) ?? 0) + 1;
    this.#counts.set(call.subject, count);
    const roll = this.#dice.roll("before", call.subject, String(call.isLaterPage), count);
    if (isWrite(call)) return roll < 0.05 ? "cut" : roll < 0.1 ? told(503) : roll < 0.12 ? told(404) : null;
    return roll < 0.01 ? "cut" : roll < 0.02 ? told(503) : roll < 0.03 ? told(404) : null;
  }

  after(call: EdgeCall, _reply: EdgeReply): EdgeReply | "cut" | null {
    if (!isWrite(call)) return null;
    const roll = this.#dice.roll("after", call.subject, this.#counts.get(call.subject) ?? 0);
    return roll < 0.08 ? "cut" : roll < 0.12 ? told(500) : roll < 0.14 ? told(503) : null;
  }
}

function told(status: number): EdgeReply {
  return { status, text: JSON.stringify({ statusCode: status, message: "Set by the model." }) };
}
