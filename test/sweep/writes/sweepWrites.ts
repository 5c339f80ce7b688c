import { isInputObjectType, parse } from "graphql";
import { buildGraphSchema } from "../../../src/graph/schema/buildGraphSchema.js";
import { type Deployment, type StartedDeployment, startDeployment } from "../deployments.js";
import { lookups } from "../exceptions.js";
import type { JournalLine } from "../FaultyEdge.js";
import { askAnew, type SweptAnswer } from "../openGraph.js";
import { documentOf, isCloud, mutations, payloadIn, type WriteCase } from "./cases.js";
import { cloudCases } from "./cloudCases.js";
import { dataCenterCases } from "./dataCenterCases.js";
import { isWrite, type WriteFault, writeFaults } from "./faults.js";
import { VirtualClock } from "./VirtualClock.js";
import { readFacts, type WorldFacts } from "./worldFacts.js";

/** When a fault acts: every time, the first time alone, or on readings after the first write. */
export type Moment = "always" | "once" | "after a write";

export interface WriteCell {
  readonly writeCase: WriteCase;
  readonly isDryRun: boolean;
  /** Null where nothing goes wrong. */
  readonly route: string | null;
  readonly fault: WriteFault | null;
  readonly moment: Moment;
}

export interface WriteResult {
  readonly cell: WriteCell;
  readonly journal: readonly JournalLine[];
  readonly answers: readonly Answered[];
  /** What is not true, in words. */
  readonly untruths: readonly string[];
}

/** How a change ended, as told. */
export interface Answered {
  readonly outcome: string;
  readonly code: string | null;
}

export interface StartedWrites extends StartedDeployment {
  readonly clock: VirtualClock;
  readonly cases: readonly WriteCase[];
}

export async function startWrites(deployment: Deployment): Promise<StartedWrites> {
  const clock = new VirtualClock();
  const started = await startDeployment(deployment, { isProvisioningOn: true, sandbox: { clock } });
  const cases = isCloud(deployment)
    ? cloudCases(deployment, started.site.siteId, started.sandbox.world())
    : dataCenterCases(started.site.siteId, started.sandbox.dataCenter?.version ?? "");
  return { ...started, clock, cases };
}

/** Every fault that fits, on every call that a change makes without one. */
export function cellsOf(writeCase: WriteCase, journal: readonly JournalLine[], isDryRun: boolean): WriteCell[] {
  const firstWrite = journal.findIndex(isWrite);
  const routes = [...new Set(journal.map(({ route }) => route))];
  return routes.flatMap((route) =>
    writeFaults.flatMap((fault) => {
      const fitting = journal.flatMap((line, index) => (line.route === route && fault.fits(line) ? [index] : []));
      if (fitting.length === 0) return [];
      const moments: Moment[] = ["always"];
      if (fitting.length > 1 || isWrite({ route })) moments.push("once");
      if (firstWrite >= 0 && !isWrite({ route }) && fitting.some((index) => index > firstWrite))
        moments.push("after a write");
      return moments.map((moment) => ({ writeCase, isDryRun, route, fault, moment }));
    }),
  );
}

/** Carries out one change with one fault, and compares what is told with what the world was and is. */
export async function runWrite(started: StartedWrites, cell: WriteCell): Promise<WriteResult> {
  const { sandbox, edge, site, clock } = started;
  const { writeCase, isDryRun, route, fault, moment } = cell;
  sandbox.reset();
  const before = await readFacts(sandbox);
  let hasWritten = false;
  let hasActed = false;
  const acts = (called: string): boolean => {
    const isOn = called === route && (moment !== "once" || !hasActed) && (moment !== "after a write" || hasWritten);
    if (isWrite({ route: called })) hasWritten = true;
    return isOn;
  };
  edge.begin(
    (call, reply) => {
      if (fault?.change == null || !acts(call.route)) return null;
      const changed = fault.change(call, reply);
      hasActed ||= changed !== null;
      return changed;
    },
    (call) => {
      if (fault?.change != null) return null;
      if (!acts(call.route)) return null;
      hasActed = true;
      return fault?.refuse?.(call) ?? null;
    },
  );
  const input = inputOf(writeCase, isDryRun);
  const answer = await askAnew(site, parse(documentOf(writeCase.mutation)), { input }, { clock });
  const journal = edge.journal();
  // What was accepted is carried out before the world is looked at.
  clock.pass(60_000);
  const after = await readFacts(sandbox);
  const answers = answersOf(answer);
  const untruths = [
    ...unexpected(answer),
    ...judge(cell, answers, before, after),
    ...writtenTwice(journal),
    ...(isDryRun && journal.some((line) => isWrite(line) && line.upstreamStatus !== null) ? ["a dry run writes"] : []),
    ...(fault !== null && !journal.some(({ isFaulted }) => isFaulted) ? ["the fault never acted"] : []),
  ];
  return { cell, journal, answers, untruths };
}

const { schema } = buildGraphSchema();

/** The input of a case: an acknowledgement is given where it is asked for. */
function inputOf({ mutation, input }: WriteCase, dryRun: boolean): Readonly<Record<string, unknown>> {
  const type = schema.getType(mutations[mutation]?.type ?? "");
  const fields = isInputObjectType(type) ? Object.keys(type.getFields()) : [];
  const acknowledged = fields.filter((name) => name.startsWith("acknowledge")).map((name) => [name, true]);
  return { ...input, ...Object.fromEntries(acknowledged), dryRun };
}

function answersOf({ data }: SweptAnswer): Answered[] {
  const payload = payloadIn(data);
  if (payload === null) return [];
  const { outcome, userErrors, changes } = payload;
  const own = outcome === undefined ? [] : [{ outcome, userErrors }];
  return [...own, ...(changes ?? [])].map((each) => ({
    outcome: each.outcome,
    code: each.userErrors[0]?.code ?? null,
  }));
}

function unexpected({ errors }: SweptAnswer): string[] {
  return errors
    .filter(({ extensions }) => extensions?.code === undefined || extensions.code === "INTERNAL_SERVER_ERROR")
    .map(({ cause }) => `an error of ours: ${cause}`);
}

/** The site says that there is no such account or group: whoever asked for it by its key is told so. */
function isNotThere({ fault, route, moment }: WriteCell, { outcome }: Answered): boolean {
  return outcome === "NOT_PRESENT" && fault?.name === "404" && moment !== "after a write" && lookups.has(route ?? "");
}

function judge(cell: WriteCell, answers: readonly Answered[], before: WorldFacts, after: WorldFacts) {
  const { writeCase, isDryRun, fault } = cell;
  const untruths: string[] = [];
  writeCase.wanted.forEach(({ isSo }, index) => {
    const answered = answers[index] ?? { outcome: "nothing", code: null };
    const name = writeCase.wanted.length > 1 ? `change ${index + 1}` : "it";
    const [was, is] = [isSo(before), isSo(after)];
    const lie =
      isDryRun || isNotThere(cell, answered) ? null : lieOf(answered, was, is, fault?.isContradiction ?? false);
    if (lie !== null)
      untruths.push(`${name} says ${[answered.outcome, answered.code ?? ""].join(" ").trim()}, and ${lie}`);
  });
  const changed = [
    ...[...before].filter((fact) => !after.has(fact)).map((fact) => ({ fact, text: `- ${fact}` })),
    ...[...after].filter((fact) => !before.has(fact)).map((fact) => ({ fact, text: `+ ${fact}` })),
  ];
  for (const { fact, text } of changed) {
    if (isDryRun || !writeCase.wanted.some(({ touches }) => touches.test(fact))) untruths.push(`unasked: ${text}`);
  }
  return untruths;
}

/** Failures that leave open what became of it, and say so. */
const openEnded = new Set(["STATE_UNKNOWN"]);

/**
 * What of an answer is not true, given whether it was so before and is now. Where a call was refused for certain and carried out
 * all the same, it is somebody else's doing that it is so: nobody can tell the two apart.
 */
function lieOf({ outcome, code }: Answered, was: boolean, is: boolean, isContradicted: boolean): string | null {
  switch (outcome) {
    case "CREATED":
    case "REPLACED":
    case "REMOVED":
      return !is ? "it is not so" : was ? "it was so before" : null;
    case "ALREADY_EXISTS":
    case "NOT_PRESENT":
      return !is ? "it is not so" : was || isContradicted ? null : "it was not so before";
    case "KEPT":
    case "INHERITED":
      return was === is ? null : "something was changed";
    case "STARTED":
      return null;
    case "FAILED":
      return is && !was && !isContradicted && !openEnded.has(code ?? "") ? "it was carried out" : null;
    default:
      return outcome === "nothing" ? null : `${outcome} is no answer to this`;
  }
}

function writtenTwice(journal: readonly JournalLine[]): string[] {
  const seen = new Set<string>();
  return journal
    .filter((line) => isWrite(line) && line.upstreamStatus !== null && line.upstreamStatus < 300)
    .flatMap(({ subject }) => {
      if (seen.has(subject)) return [`carried out twice: ${subject}`];
      seen.add(subject);
      return [];
    });
}

/** Without a fault a change answers what its case says; else the case proves nothing. */
export function misses({ cell, answers }: WriteResult): string[] {
  const told = answers.map(({ outcome, code }) => (outcome === "FAILED" ? `FAILED ${code}` : outcome));
  const fits = cell.writeCase.answers.every((answer, index) => told[index]?.startsWith(answer));
  return fits ? [] : [`without a fault it answers ${told.join(", ")} and not ${cell.writeCase.answers.join(", ")}`];
}
