import { describe, expect, it } from "vitest";
import { compareAnswers } from "./compareAnswers.js";
import type { SweptAnswer } from "./openGraph.js";

const complete = { isComplete: true, gaps: [] };
const short = { isComplete: false, gaps: [] };
const list = (ids: readonly string[], sweptCompleteness: unknown = complete, more = {}) => ({
  nodes: ids.map((sweptId) => ({ sweptId, status: "ACTIVE", email: "a@example.com", ...more })),
  totalCount: sweptCompleteness === complete ? ids.length : null,
  sweptCompleteness,
});
const answer = (data: unknown, errors: SweptAnswer["errors"] = []): SweptAnswer => ({ data, errors, gaps: [] });
const error = (...path: (string | number)[]) => ({ message: "down", path, cause: "SiteError: down" });
const whole = answer({ accounts: list(["a", "b"]) });
const judged = (is: SweptAnswer, was = whole) => compareAnswers(was, is).map(({ place, what }) => `${what} ${place}`);

describe("an answer beside the true one", () => {
  it("is found out where a row is lost", () => {
    expect(judged(answer({ accounts: list(["a"]) }))).toEqual(["missing accounts.nodes", "total accounts.totalCount"]);
  });

  it("may lack rows where the list says so, or fails", () => {
    expect(judged(answer({ accounts: list(["a"], short) }))).toEqual([]);
    const failed = { nodes: null, totalCount: null, sweptCompleteness: short };
    expect(judged(answer({ accounts: failed }, [error("accounts", "nodes")]))).toEqual([]);
  });

  it("is found out where another list is the one that says so", () => {
    const was = answer({ accounts: list(["a", "b"]), groups: list(["g"]) });
    expect(judged(answer({ accounts: list(["b"]), groups: list(["g"], short) }), was)).toContain(
      "missing accounts.nodes",
    );
  });

  it("is found out where a fact changes, or is lost without a word", () => {
    expect(judged(answer({ accounts: list(["a", "b"], complete, { status: "SUSPENDED" }) }))).toHaveLength(2);
    expect(judged(answer({ accounts: list(["a", "b"], complete, { email: null }) }))).toHaveLength(2);
    expect(judged(answer({ accounts: null }))).toEqual(["null accounts"]);
  });

  it("may say UNKNOWN, and null with an error", () => {
    expect(judged(answer({ accounts: list(["a", "b"], complete, { status: "UNKNOWN" }) }))).toEqual([]);
    expect(judged(answer({ accounts: null }, [error("accounts")]))).toEqual([]);
  });

  it("is found out where it holds what is not there, whatever the order", () => {
    expect(judged(answer({ accounts: list(["b", "a", "c"]) }))).toContain("invented accounts.nodes");
    expect(judged(answer({ accounts: list(["b", "a"]) }))).toEqual([]);
  });
});
