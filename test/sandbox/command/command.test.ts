import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readArguments } from "../../../sandbox/src/command/readArguments.js";
import { readableWorld } from "../support/readableWorld.js";
import { runSandbox } from "../support/runSandbox.js";
import { smallWorld } from "../support/smallWorld.js";

describe("the command", () => {
  it("prints address, credential and control routes, serves a world file, and ends cleanly on SIGTERM", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sandbox-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "world.json");
    await writeFile(file, JSON.stringify(smallWorld()));
    const { code, out } = await runSandbox(
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
    const { out } = await runSandbox(args, async (_, stop) => stop());
    expect(out).not.toContain("my-own-secret");
  });

  it("opens the Data Center half at a second address, with its credentials, or says that it is taken", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sandbox-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "world.json");
    await writeFile(file, JSON.stringify({ ...smallWorld(), ...readableWorld() }));
    const args = ["--port", "0", "--dc-port", "0", "--dc-version", "8.6", "--dc-rate", "50/10/1", "--world", file];
    const mine = [
      "--dc-password",
      "my-own-secret",
      "--dc-token",
      "my-own-secret",
      "--dc-reader-token",
      "my-own-secret-too",
    ];
    const { code, out } = await runSandbox([...args, ...mine], async (_, stop) => stop());
    expect(code).toBe(0);
    expect(out).toMatch(/Sandbox of Confluence Data Center 8\.6: http:\/\/127\.0\.0\.1:\d+\/confluence/);
    expect(out).not.toContain("my-own-secret");
    const { out: plain } = await runSandbox(args, async (url, stop) => {
      const taken = await runSandbox(["--port", "0", "--dc-port", new URL(url).port, "--world", file]);
      expect([taken.code, taken.err]).toEqual([1, expect.stringContaining("EADDRINUSE")]);
      stop();
    });
    for (const secret of ["sandbox-personal-access-token", "admin : sandbox-password", "sandbox-reader-token"]) {
      expect(plain).toContain(secret);
    }
  });

  it("ends with 2 and every fault, those of the world file included", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sandbox-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "world.json");
    await writeFile(
      file,
      JSON.stringify({ cloud: { cloudId: "c", mode: "ROLES", accounts: [], groups: [{ id: "g" }], spaces: [] } }),
    );
    const { code, err, out } = await runSandbox(["--port", "99999", "--colour", "--world", file]);
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
    expect((await runSandbox(["--world", join(folder, "none.json")])).err).toContain("there is no such file");
    expect((await runSandbox(["--world", "random:s:accounts=many"])).code).toBe(2);
  });
});

describe("its arguments", () => {
  it("have defaults", () => {
    expect(readArguments([])).toMatchObject({
      faults: [],
      arguments: {
        host: "127.0.0.1",
        port: 4010,
        dcPort: 4011,
        latencyMs: 0,
        ratePerSecond: undefined,
        world: undefined,
        dataCenter: { credentials: {} },
        dataCenterFlags: [],
      },
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

  it("of Data Center are read", () => {
    const args = ["--dc-port", "0", "--dc-version=8.3", "--dc-rate", "0/0/60", "--dc-token", "t", "--dc-username", "u"];
    expect(readArguments([...args, "--dc-password", "p/w", "--dc-reader-token", "r"])).toMatchObject({
      faults: [],
      arguments: {
        dcPort: 0,
        dataCenter: {
          version: "8.3",
          rate: { capacity: 0, fillRate: 0, intervalSeconds: 60 },
          credentials: { personalAccessToken: "t", username: "u", password: "p/w", readerToken: "r" },
        },
      },
    });
  });

  it("of Data Center's behaviour are read", () => {
    const flags = ["--dc-basic-disabled", "--dc-read-only", "--dc-members-follow-nested"];
    const sizes = ["--dc-licence-seats", "0", "--dc-long-task-ms=2000"];
    expect(readArguments([...flags, ...sizes, "--dc-rpc-disabled", "--port", "1"])).toMatchObject({
      faults: [],
      arguments: {
        port: 1,
        dataCenter: {
          basicDisabled: true,
          readOnlyDirectory: true,
          membersFollowNested: true,
          licenceSeats: 0,
          longTaskMs: 2_000,
          rpcDisabled: 404,
        },
        dataCenterFlags: [...flags, "--dc-licence-seats", "--dc-long-task-ms", "--dc-rpc-disabled"],
      },
    });
    for (const args of [["--dc-rpc-disabled", "405"], ["--dc-rpc-disabled=405"]]) {
      expect(readArguments(args)).toMatchObject({ faults: [], arguments: { dataCenter: { rpcDisabled: 405 } } });
    }
    expect(readArguments([]).arguments.dataCenter).toEqual({ credentials: {} });
  });

  it.each([
    [["--dc-token", "my secret"], "--dc-token: must hold neither blanks nor commas"],
    [["--dc-token", "secret,"], "--dc-token: must hold neither blanks nor commas"],
    [["--dc-reader-token", "secret\t"], "--dc-reader-token: must hold neither blanks nor commas"],
    [["--dc-token", "secret", "--dc-reader-token", "secret"], "--dc-reader-token: must differ from the other token"],
    [["--dc-token", "sandbox-reader-token"], "--dc-reader-token: must differ from the other token"],
    [["--dc-username", "a:secret"], "--dc-username: must hold no colon"],
  ])("that make a credential which cannot be sent are refused, and not shown: %j", (args, fault) => {
    const { faults } = readArguments(args);
    expect(faults).toEqual([expect.stringContaining(fault)]);
    expect(faults.join()).not.toMatch(/secret|sandbox-reader-token/);
  });

  it.each([
    [["--port", "1.5"], "--port"],
    [["--port"], "--port"],
    [["--latency-ms", "-1"], "--latency-ms"],
    [["--rate-per-second", "0"], "--rate-per-second"],
    [["--port", "1", "--port", "2"], "--port"],
    [["--dc-port", "65536"], "--dc-port"],
    [["--dc-version", "9"], "--dc-version"],
    [["--dc-version", "latest"], "--dc-version"],
    [["--dc-rate", "50"], "--dc-rate"],
    [["--dc-rate", "50/10/0"], "--dc-rate"],
    [["--dc-read-only=yes"], "--dc-read-only"],
    [["--dc-basic-disabled", "yes"], "yes"],
    [["--dc-rpc-disabled", "403"], "--dc-rpc-disabled"],
    [["--dc-rpc-disabled="], "--dc-rpc-disabled"],
    [["--dc-licence-seats", "1.5"], "--dc-licence-seats"],
    [["--dc-long-task-ms", "600001"], "--dc-long-task-ms"],
    [["stray"], "stray"],
    [["-x"], "-x"],
  ])("%j are refused: %s", (args, name) => {
    expect(readArguments(args).faults).toEqual([expect.stringMatching(new RegExp(`^${name}:`))]);
  });
});
