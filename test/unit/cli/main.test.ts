import { describe, expect, it, onTestFinished, vi } from "vitest";

describe("the server's entry", () => {
  it.each([
    [undefined, "production"],
    ["staging", "staging"],
  ])(
    "says production before anything that looks at it is loaded, and keeps what the environment says: %s",
    async (said, heard) => {
      const order: unknown[] = [];
      vi.resetModules();
      onTestFinished(() => {
        vi.doUnmock("node:v8");
        vi.doUnmock("../../../src/cli/command.js");
        vi.unstubAllEnvs();
      });
      vi.doMock("node:v8", () => ({ setFlagsFromString: (flags: string) => void order.push(flags) }));
      vi.doMock("../../../src/cli/command.js", () => {
        order.push({ NODE_ENV: process.env.NODE_ENV });
        return {};
      });
      vi.stubEnv("NODE_ENV", said);
      await import("../../../src/main.js");
      // And by then nothing is allocated ahead of time among what lives long.
      expect(order).toEqual(["--no-allocation-site-pretenuring", { NODE_ENV: heard }]);
    },
  );
});
