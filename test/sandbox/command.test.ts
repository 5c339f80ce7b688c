import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readArguments } from "../../src/sandbox/command/readArguments.js";
import { smallWorld } from "./smallWorld.js";

const program = join(import.meta.dirname, "../../dist/cli/sandbox.js");

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built command; `onAddress` is called with the address it prints. */
async function run(
  args: readonly string[],
  onAddress?: (url: string, stop: () => void) => Promise<void>,
): Promise<Ended> {
  if (!existsSync(program)) throw new Error("dist/cli/sandbox.js is missing: run 'npm run build' first");
  const child = spawn(process.execPath, [program, ...args]);
  onTestFinished(() => void child.kill("SIGKILL"));
  let [out, err] = ["", ""];
  const closed = once(child, "close");
  child.stderr.on("data", (chunk) => {
    err += String(chunk);
  });
  const address = new Promise<string>((resolve) => {
    child.stdout.on("data", (chunk) => {
      out += String(chunk);
      const url = /http:\/\/[^\s/]+/.exec(out)?.[0];
      if (url !== undefined && out.includes("/__sandbox/world")) resolve(url);
    });
  });
  if (onAddress !== undefined) await onAddress(await address, () => void child.kill("SIGTERM"));
  const [code] = await closed;
  return { code, out, err };
}

describe("the command", () => {
  it("prints address, credential and control routes, serves a world file, and ends cleanly on SIGTERM", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sandbox-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "world.json");
    await writeFile(file, JSON.stringify(smallWorld()));
    const { code, out } = await run(
      ["--port", "0", "--latency-ms", "1", "--rate-per-second", "150", "--world", file],
      async (url, stop) => {
        const answer = await fetch(`${url}/_edge/tenant_info`);
        expect(await answer.json()).toEqual({ cloudId: "cloud-1" });
        expect(answer.headers.get("x-ratelimit-limit")).toBe("150");
        stop();
      },
    );
    expect(code).toBe(0);
    expect(out).toContain("admin@sandbox.test : sandbox-token");
    expect(out).toContain("/__sandbox/faults");
  });

  it("keeps a token of the user's own to itself", async () => {
    const args = ["--port", "0", "--world", "random:s:accounts=5,groups=1,spaces=1", "--api-token", "my-own-secret"];
    for (const option of ["scoped-token", "service-account-token", "client-secret", "organization-key", "scim-key"]) {
      args.push(`--${option}`, "my-own-secret");
    }
    const { out } = await run(args, async (_, stop) => stop());
    expect(out).not.toContain("my-own-secret");
  });

  it("ends with 2 and every fault, those of the world file included", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sandbox-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "world.json");
    await writeFile(
      file,
      JSON.stringify({ cloud: { cloudId: "c", mode: "ROLES", accounts: [], groups: [{ id: "g" }], spaces: [] } }),
    );
    const { code, err, out } = await run(["--port", "99999", "--colour", "--world", file]);
    expect([code, out]).toEqual([2, ""]);
    for (const line of [
      "--port:",
      "--colour:",
      "cloud.groups[0].name: missing",
      "cloud.groups[0].members: missing",
      "cloud.roles: missing",
    ]) {
      expect(err).toContain(line);
    }
    expect((await run(["--world", join(folder, "none.json")])).err).toContain("there is no such file");
    expect((await run(["--world", "random:s:accounts=many"])).code).toBe(2);
  });
});

describe("its arguments", () => {
  it("have defaults", () => {
    expect(readArguments([])).toMatchObject({
      faults: [],
      arguments: { host: "127.0.0.1", port: 4010, latencyMs: 0, ratePerSecond: undefined, world: undefined },
    });
  });

  it("are read", () => {
    const args = [
      "--port=1",
      "--host",
      "::1",
      "--latency-ms",
      "30",
      "--rate-per-second",
      "0.5",
      "--email",
      "a@b.c",
      "--api-token",
      "t",
    ];
    expect(readArguments(args)).toMatchObject({
      faults: [],
      arguments: {
        port: 1,
        host: "::1",
        latencyMs: 30,
        ratePerSecond: 0.5,
        credentials: { basic: { email: "a@b.c", apiToken: "t" }, scopedToken: { email: "a@b.c" } },
      },
    });
  });

  it.each([
    [["--port", "1.5"], "--port"],
    [["--port"], "--port"],
    [["--latency-ms", "-1"], "--latency-ms"],
    [["--rate-per-second", "0"], "--rate-per-second"],
    [["--port", "1", "--port", "2"], "--port"],
    [["stray"], "stray"],
    [["-x"], "-x"],
  ])("%j are refused: %s", (args, name) => {
    expect(readArguments(args).faults).toEqual([expect.stringMatching(new RegExp(`^${name}:`))]);
  });
});
