import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

describe("the server's entry", () => {
  it("says how V8 allocates, and production, before anything that looks at it is loaded, and keeps what the environment says", () => {
    const lines = readFileSync("src/main.ts", "utf8")
      .split("\n")
      .filter((line) => line !== "" && !/^(\/\/|#!)/.test(line));
    expect(lines).toEqual([
      'import { setFlagsFromString } from "node:v8";',
      'setFlagsFromString("--no-allocation-site-pretenuring");',
      'process.env.NODE_ENV ??= "production";',
      'await import("./cli/command.js");',
    ]);
  });
});
