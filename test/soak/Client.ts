import { setTimeout as sleep } from "node:timers/promises";
import { Random } from "../../sandbox/src/world/generation/random.js";
import type { GraphAnswer } from "../support/sendQuery.js";
import type { Questions } from "./questions.js";
import type { Scene } from "./scene.js";
import type { Tally } from "./Tally.js";

/** How one operation goes. */
export interface Way {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the facts that nobody changed meanwhile, those that whoever goes this way is told as they are; asked before and after. */
  readonly holdsTo: (fact: string) => boolean;
  /** Whether an answer may have been lost on it: then a change is asked for again under its request id, elsewhere. */
  readonly mayLose: () => boolean;
}

/** Who asks, and what about. */
export interface Asking {
  readonly account: number;
  readonly facts: readonly string[];
  readonly isChange: boolean;
}

/** Which way the next operation goes. */
export interface Ways {
  next(asking: Asking, random: Random): Way;
  /** A change of this fact was answered, with these headers. */
  changed(fact: string, headers: Headers): void;
}

/** Always to one server, which is held to everything. */
export const onlyWay = (url: string): Ways => ({
  next: () => ({ url, headers: {}, holdsTo: () => true, mayLose: () => false }),
  changed: () => undefined,
});

interface ClientParts {
  readonly account: number;
  readonly seed: string;
  readonly ways: Ways;
  readonly scene: Scene;
  readonly questions: Questions;
  readonly tally: Tally;
  readonly isOver: () => boolean;
  /** The share of operations that are changes, and of questions that ask past every cache. */
  readonly changes: number;
  readonly fresh: number;
  /** What it waits on average before it asks again. */
  readonly thinkMs: number;
}

/** What a failing upstream, or our own bounds, may honestly be answered with. */
const honest = /^(UPSTREAM_\w+|INCOMPLETE|STALE|CALLER_OVER_BUDGET)$/;

/** How often a change is asked for again whose answers are lost, half a second apart. */
const mostRepeats = 20;

/** One client: asks and changes by turns what its seed says, and holds each answer against what is so. */
export async function runClient(parts: ClientParts): Promise<void> {
  const random = new Random(`${parts.seed}/${parts.account}`);
  for (let number = 0; !parts.isOver(); number += 1) {
    await sleep(-Math.log(1 - random.next()) * parts.thinkMs);
    if (parts.isOver()) return;
    if (random.isLikely(parts.changes)) await change(parts, random, number);
    else await ask(parts, random);
  }
}

async function ask({ scene, questions, tally, ways, account, fresh }: ClientParts, random: Random): Promise<void> {
  const question = questions.next(random);
  const isFresh = random.isLikely(fresh);
  const way = ways.next({ account, facts: question.facts, isChange: false }, random);
  const moment = scene.ledger.look(question.facts.filter(way.holdsTo));
  const reply = await send(way, question.document, question.variables, isFresh ? { "cache-control": "no-cache" } : {});
  if (reply.failure !== null && way.mayLose()) return tally.lose();
  const kind = isFresh ? `${question.kind}, fresh` : question.kind;
  const codes = codesOf(reply.answer);
  const wrong = faultsOf(reply, codes);
  const it = reply.answer?.data?.it;
  if (wrong.length === 0 && it != null)
    wrong.push(...question.judge(reply.answer?.data, heldTo(scene.ledger.stoodStill(moment), way)));
  if (wrong.length === 0 && it == null && codes.length === 0) wrong.push("answers null without a word");
  const noted = reply.isPartial && codes.length === 0 ? ["not whole, and says so"] : codes;
  tally.note({ kind, account, codes: noted, wrong, ms: reply.ms, question: question.variables });
}

async function change({ scene, questions, tally, ways, account, seed }: ClientParts, random: Random, number: number) {
  const owned = scene.ownedBy(account);
  const fact = owned[random.below(owned.length)];
  if (fact === undefined) return;
  const before = scene.ledger.valueOf(fact.name);
  const gives = before === null ? random.isLikely(0.5) : !before;
  const requestId = `${seed}/${account}/${number}`;
  scene.ledger.begin(fact.name);
  const fromMs = Date.now();
  const ask = async () => {
    const way = ways.next({ account, facts: [fact.name], isChange: true }, random);
    const reply = await send(way, questions.change(fact, gives, requestId), {}, {});
    return { reply, isLost: reply.failure !== null && way.mayLose() };
  };
  let { reply, isLost } = await ask();
  let repeats = 0;
  for (; isLost; repeats += 1) {
    tally.lose();
    if (repeats === mostRepeats) break;
    await sleep(500);
    ({ reply, isLost } = await ask());
  }
  const codes = codesOf(reply.answer);
  const it = reply.answer?.data?.it;
  const outcome: unknown = it?.outcome ?? it?.changes?.[0]?.outcome;
  const told = typeof outcome === "string" ? outcome : null;
  tally.intents.push({ requestId, fact, gives, fromMs, toMs: Date.now(), outcome: told, repeats });
  const isDone = outcome === (gives ? "CREATED" : "REMOVED");
  const wasDone = outcome === (gives ? "ALREADY_EXISTS" : "NOT_PRESENT");
  if (reply.headers !== null) ways.changed(fact.name, reply.headers);
  scene.ledger.end(fact.name, isDone || wasDone ? gives : null);
  const wrong = faultsOf(reply, codes);
  if (wasDone && before !== null && repeats === 0)
    wrong.push(`says ${String(outcome)} of ${fact.name}, which was not so`);
  const userCodes = ((it?.userErrors ?? []) as { code: string }[]).map(({ code }) => `userError ${code}`);
  if (isDone) tally.accept(requestId);
  tally.note({
    kind: "change",
    account,
    codes: [...codes, ...userCodes],
    wrong,
    ms: reply.ms,
    question: { gives, fact: fact.name },
  });
}

function heldTo(facts: ReadonlyMap<string, boolean>, { holdsTo }: Way): ReadonlyMap<string, boolean> {
  return new Map([...facts].filter(([name]) => holdsTo(name)));
}

interface Answered {
  readonly status: number;
  readonly answer: GraphAnswer | null;
  readonly headers: Headers | null;
  /** It says itself that it does not tell all. */
  readonly isPartial: boolean;
  readonly ms: number;
  readonly failure: string | null;
}

async function send(
  way: Way,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>>,
): Promise<Answered> {
  const began = performance.now();
  const ms = () => performance.now() - began;
  try {
    const response = await fetch(way.url, {
      method: "POST",
      headers: { "content-type": "application/json", ...way.headers, ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    const answer = JSON.parse(text) as GraphAnswer;
    const isPartial = /"isComplete":false|"decision":"UNKNOWN"/.test(text);
    return { status: response.status, headers: response.headers, answer, isPartial, ms: ms(), failure: null };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
    return { status: 0, headers: null, answer: null, isPartial: false, ms: ms(), failure: `${String(error)}${cause}` };
  }
}

function codesOf(answer: GraphAnswer | null): string[] {
  return [...new Set((answer?.errors ?? []).map(({ extensions }) => String(extensions.code)))];
}

/** What no answer may be, whatever upstream does. */
function faultsOf({ status, failure, answer }: Answered, codes: readonly string[]): string[] {
  if (failure !== null) return [`no answer: ${failure}`];
  const dishonest = codes
    .filter((code) => !honest.test(code))
    .map((code) => `${code}: ${answer?.errors?.[0]?.message}`);
  return [...dishonest, ...(status >= 500 && codes.every((code) => !honest.test(code)) ? [`status ${status}`] : [])];
}
