import { describe, expect, it } from "vitest";
import { nextOffset } from "../../../src/http/nextOffset.js";

describe("nextOffset", () => {
  it("advances by what was received, so that a short page in the middle loses nothing", () => {
    expect(nextOffset(200, 37)).toBe(237);
  });

  it("ends only on an empty page", () => {
    expect(nextOffset(237, 0)).toBeNull();
  });
});
