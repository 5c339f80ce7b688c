import { setTimeout as sleep } from "node:timers/promises";
import { Random } from "../../sandbox/src/world/generation/random.js";
import type { GraphAnswer } from "../support/sendQuery.js";
import type { Questions } from "./questions.js";
import type { Scene } from "./scene.js";
import type { Tally } from "./Tally.js";

interface ClientParts {
  readonly account: number;
  readonly seed: string;
  readonly url: string;
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
const honest = /^(UPSTREAM_\w+|INCOMPLETE|CALLER_OVER_BUDGET)$/;

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

async function ask({ scene, questions, tally, url, account, fresh }: ClientParts, random: Random): Promise<void> {
  const question = questions.next(random);
  const isFresh = random.isLikely(fresh);
  const moment = scene.ledger.look(question.facts);
  const reply = await send(url, question.document, question.variables, isFresh ? { "cache-control": "no-cache" } : {});
  const kind = isFresh ? `${question.kind}, fresh` : question.kind;
  const codes = codesOf(reply.answer);
  const wrong = faultsOf(reply, codes);
  const it = reply.answer?.data?.it;
  if (wrong.length === 0 && it != null)
    wrong.push(...question.judge(reply.answer?.data, scene.ledger.stoodStill(moment)));
  if (wrong.length === 0 && it == null && codes.length === 0) wrong.push("answers null without a word");
  const noted = reply.isPartial && codes.length === 0 ? ["not whole, and says so"] : codes;
  tally.note({ kind, account, codes: noted, wrong, ms: reply.ms, question: question.variables });
}

async function change({ scene, questions, tally, url, account, seed }: ClientParts, random: Random, number: number) {
  const owned = scene.ownedBy(account);
  const fact = owned[random.below(owned.length)];
  if (fact === undefined) return;
  const before = scene.ledger.valueOf(fact.name);
  const gives = before === null ? random.isLikely(0.5) : !before;
  const requestId = `${seed}/${account}/${number}`;
  scene.ledger.begin(fact.name);
  const reply = await send(url, questions.change(fact, gives, requestId), {}, {});
  const codes = codesOf(reply.answer);
  const it = reply.answer?.data?.it;
  const outcome: unknown = it?.outcome ?? it?.changes?.[0]?.outcome;
  const isDone = outcome === (gives ? "CREATED" : "REMOVED");
  const wasDone = outcome === (gives ? "ALREADY_EXISTS" : "NOT_PRESENT");
  scene.ledger.end(fact.name, isDone || wasDone ? gives : null);
  const wrong = faultsOf(reply, codes);
  if (wasDone && before !== null) wrong.push(`says ${String(outcome)} of ${fact.name}, which was not so`);
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

interface Answered {
  readonly status: number;
  readonly answer: GraphAnswer | null;
  /** It says itself that it does not tell all. */
  readonly isPartial: boolean;
  readonly ms: number;
  readonly failure: string | null;
}

async function send(
  url: string,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>>,
): Promise<Answered> {
  const began = performance.now();
  const ms = () => performance.now() - began;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    const answer = JSON.parse(text) as GraphAnswer;
    const isPartial = /"isComplete":false|"decision":"UNKNOWN"/.test(text);
    return { status: response.status, answer, isPartial, ms: ms(), failure: null };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
    return { status: 0, answer: null, isPartial: false, ms: ms(), failure: `${String(error)}${cause}` };
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
