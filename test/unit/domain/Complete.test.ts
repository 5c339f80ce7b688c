import { expect, it } from "vitest";
import { gapFromError } from "../../../src/domain/Complete.js";
import { SiteError } from "../../../src/domain/SiteError.js";

it("a gap says what is missing and carries the error's kind, reason, call and wait", () => {
  const error = new SiteError("Throttled", "Too many calls.", {
    call: "GET /things",
    status: 429,
    retryAfterMs: 7_000,
  });
  expect(gapFromError("things of space 1", error)).toEqual({
    missing: "things of space 1",
    kind: "Throttled",
    reason: "Too many calls.",
    call: "GET /things",
    retryAfterMs: 7_000,
  });
});
