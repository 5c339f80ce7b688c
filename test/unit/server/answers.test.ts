import { type FormattedExecutionResult, Kind, parse } from "graphql";
import { describe, expect, it } from "vitest";
import { boundless, Caller, unboundedCaller } from "../../../src/callers/Caller.js";
import { createLogger } from "../../../src/observability/Logger.js";
import { AnswerStore } from "../../../src/server/answers/AnswerStore.js";
import { AskedBody } from "../../../src/server/answers/KnownBodies.js";
import { RepeatedAnswers } from "../../../src/server/answers/repeatAnswers.js";
import { KnownOperation } from "../../../src/server/operations/KnownOperation.js";

const standing = { size: 3, isStanding: () => true };
const bytes = (count: number) => Buffer.alloc(count, "x");

function openStore(maxBytes = 100_000) {
  let nowMs = 0;
  const store = new AnswerStore({ maxBytes, now: () => nowMs });
  return { store, pass: (byMs: number) => (nowMs += byMs) };
}

describe("remembered answers", () => {
  it("are given as long as they stand, and are let go once they do not", () => {
    const { store, pass } = openStore();
    const kept = bytes(10);
    store.remember("a", kept, { size: 1, isStanding: (nowMs) => nowMs < 100 });
    pass(99);
    expect(store.find("a")).toBe(kept);
    pass(1);
    expect(store.find("a")).toBeUndefined();
    expect(store.counters()).toEqual({ entries: 0, bytes: 0, given: 1, ended: 1 });
  });

  it("are worth it when something is asked for the second time", () => {
    const { store } = openStore();
    expect(["a", "b", "a", "c", "b"].map((key) => store.isAskedAgain(key))).toEqual([false, false, true, false, true]);
  });

  it("take no more room than they may, with their keys and what they stand on, and the least used go first", () => {
    const { store } = openStore(20_000);
    for (const key of ["a", "b", "c"]) store.remember(key, bytes(5_000), standing);
    store.find("a");
    store.remember("d", bytes(5_000), { size: 600, isStanding: () => true });
    expect(store.counters().bytes).toBeLessThanOrEqual(20_000);
    expect(["a", "b", "c", "d"].filter((key) => store.find(key) !== undefined)).toEqual(["a", "d"]);
  });

  it("are none where they are switched off", () => {
    const { store } = openStore(0);
    expect([store.isAskedAgain("a"), store.isAskedAgain("a")]).toEqual([false, false]);
    store.remember("a", bytes(1), standing);
    expect(store.find("a")).toBeUndefined();
  });

  it("forget what was asked long ago, so that what is asked once holds nothing", () => {
    const { store } = openStore();
    store.isAskedAgain("first");
    for (let at = 0; at < 50_000; at += 1) store.isAskedAgain(`once ${at}`);
    expect(store.isAskedAgain("first")).toBe(false);
  });
});

const reader = (name: string) =>
  new Caller({ name, scopes: new Map([["read", "everywhere"]]), accounts: [], limits: boundless });
const logger = createLogger({ level: "silent", destination: { write: () => undefined } });

describe("an answer is remembered", () => {
  const standing = { size: 1, isStanding: () => true };
  const nowMs = Date.UTC(2026, 10, 20);

  /** Asks three times, and tells whether the third is given again. */
  function isGivenAgain(
    result: FormattedExecutionResult,
    how: { by?: Caller; isStanding?: boolean; body?: AskedBody; isLong?: boolean } = {},
  ) {
    const store = new AnswerStore({ maxBytes: 10_000, now: () => nowMs });
    const repeated = new RepeatedAnswers<null>({
      store,
      mayRepeat: () => true,
      standingOf: () => (how.isStanding === false ? null : standing),
    });
    const document = parse("{ sites { siteId } }");
    const [definition] = document.definitions;
    if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error("That is no operation.");
    const { body = null, isLong = false } = how;
    const keyed = { times: 0 };
    // Making a key of what was sent is what takes its time.
    const variables = {
      toJSON: () => {
        keyed.times += 1;
        return {};
      },
    };
    const asked = { operation: KnownOperation.of(document, definition), variables, body, isLong };
    const find = (caller = reader("one")) =>
      repeated.find(asked, {
        requestId: "r-1",
        caller,
        headers: {},
        header: () => undefined,
        isFreshWanted: false,
        isFreshAsked: false,
        freshSinceMs: null,
        positions: [],
        logger,
      });
    find();
    const question = find();
    if (isLong) {
      expect([question, keyed.times]).toEqual([null, 0]);
      return false;
    }
    if (question?.bytes !== null) throw new Error("It was given before it was remembered.");
    repeated.take(question, null, { result, body: JSON.stringify(result) });
    return (find(how.by)?.bytes ?? null) !== null;
  }

  it("where it is whole and stands, for who may see the same", () => {
    expect(isGivenAgain({ data: { sites: [] } })).toBe(true);
    expect(isGivenAgain({ data: { sites: [] } }, { by: reader("another") })).toBe(true);
    expect(isGivenAgain({ data: { sites: [] } }, { by: unboundedCaller("one") })).toBe(false);
    expect(isGivenAgain({ data: { sites: [] } }, { isStanding: false })).toBe(false);
  });

  it("not where it was asked for at great length, of which no key is made", () => {
    expect(isGivenAgain({ data: { sites: [] } }, { isLong: true })).toBe(false);
  });

  it("for who may see the same also where its very text is known", () => {
    const body = new AskedBody("{}", {});
    expect(isGivenAgain({ data: { sites: [] } }, { body, by: reader("another") })).toBe(true);
    expect(isGivenAgain({ data: { sites: [] } }, { body, by: unboundedCaller("one") })).toBe(false);
  });

  it("not with an error, and not with what extensions tell, such as gaps", () => {
    expect(isGivenAgain({ data: { sites: null }, errors: [{ message: "No." }] })).toBe(false);
    expect(isGivenAgain({ data: { sites: [] }, extensions: { completeness: { isComplete: false } } })).toBe(false);
  });

  it("not where a time stands in it that is not before the question: it may be the clock's", () => {
    const at = (ms: number) => ({ data: { asOf: new Date(ms).toISOString() } });
    expect([nowMs - 1, nowMs, nowMs + 1].map((ms) => isGivenAgain(at(ms)))).toEqual([true, false, false]);
  });
});
