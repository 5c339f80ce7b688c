import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkDataCenterArguments, readArguments } from "../../../sandbox/src/command/readArguments.js";
import { noteCredentials } from "../../../sandbox/src/command/texts.js";
import { loadWorld } from "../../../sandbox/src/world/loadWorld.js";
import type { DataCenterWorld } from "../../../sandbox/src/world/World.js";
import { openDataCenter } from "../support/openDataCenter.js";
import { readableWorld } from "../support/readableWorld.js";
import { runSandbox } from "../support/runSandbox.js";
import { smallWorld } from "../support/smallWorld.js";

async function fileWith(world: unknown, mark = ""): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sandbox-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "world.json");
  await writeFile(file, `${mark}${JSON.stringify(world)}`);
  return file;
}

const free = ["--port", "0", "--dc-port", "0"];
const faultsOf = (args: readonly string[], world = readableWorld()) =>
  checkDataCenterArguments(readArguments(args).arguments, world);

describe("--dc-username", () => {
  it.each([
    ["nobody", "the world has no user of that name"],
    ["dee", "that user is deactivated"],
    ["eli@EXAMPLE.com", "that user is externally_deleted"],
  ])("of %s is refused: %s", (name, problem) => {
    expect(faultsOf(["--dc-username", name])).toEqual([`--dc-username: ${problem}`]);
  });

  it.each(["admin", "BOB", "flo"])("of %s, who can sign in, is taken", (name) => {
    expect(faultsOf(["--dc-username", name])).toEqual([]);
  });

  it("is not asked about the name that nobody gave", () => {
    expect(faultsOf([], readableWorld({ users: [] }))).toEqual([]);
    expect(faultsOf(["--dc-username", "admin"], readableWorld({ users: [] }))).toHaveLength(1);
  });

  it("ends the command with 2 before it listens, and with it the faults that the world does not matter to", async () => {
    const file = await fileWith(readableWorld());
    const { code, out, err } = await runSandbox([
      ...free,
      "--world",
      file,
      "--dc-username",
      "nobody",
      "--dc-token",
      "a b",
    ]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("--dc-username: the world has no user of that name");
    expect(err).toContain("--dc-token: must hold neither blanks nor commas");
    expect(err).not.toContain("a b");
  });
});

describe("beside a world without a Data Center half", () => {
  it("each --dc- flag is refused, by its name", async () => {
    const args = ["--dc-port", "0", "--dc-read-only", "--dc-username", "ann"];
    const world = smallWorld();
    expect(checkDataCenterArguments(readArguments(args).arguments, world)).toEqual(
      ["--dc-port", "--dc-read-only", "--dc-username"].map(
        (flag) => `${flag}: the world has no Data Center half to which it could apply`,
      ),
    );
    expect(checkDataCenterArguments(readArguments(["--port", "0"]).arguments, world)).toEqual([]);
    const { code, err } = await runSandbox(["--port", "0", "--dc-port", "0", "--world", await fileWith(world)]);
    expect([code, err]).toEqual([2, expect.stringContaining("--dc-port: the world has no Data Center half")]);
  });
});

describe("what the command says of its credentials", () => {
  const noteOf = async (changes: Partial<DataCenterWorld>, username?: string): Promise<string> => {
    const { sandbox } = await openDataCenter({
      world: readableWorld(changes),
      ...(username === undefined ? {} : { dataCenter: { credentials: { username } } }),
    });
    if (sandbox.dataCenter === null) throw new Error("no Data Center half");
    return noteCredentials(sandbox.dataCenter);
  };

  it("is nothing where all act as they should", async () => {
    expect(await noteOf({})).toBe("");
  });

  it("is one line where one acts as nobody or as no administrator", async () => {
    expect(await noteOf({ users: [] })).toBe(
      "Data Center: token and password act as nobody, for the world has no active administrator; the reader's token acts as nobody, for the world has nobody else who is active.\n",
    );
    expect(await noteOf({ administrators: [], globalPermissions: [] })).toContain("token and password act as nobody");
    expect(await noteOf({}, "cy")).toBe("Data Center: token and password act as cy, who is no administrator.\n");
  });

  it("stands on stderr, and the sandbox starts all the same", async () => {
    const file = await fileWith(readableWorld({ users: [] }));
    const { code, err, out } = await runSandbox([...free, "--world", file], async (_, stop) => stop());
    expect([code, err]).toEqual([0, expect.stringMatching(/^Data Center: token and password act as nobody.*\n$/)]);
    expect(out).toContain("Sandbox of Confluence Data Center");
  });
});

describe("the banner", () => {
  it("announces no Cloud where the world has none, only the control routes", async () => {
    const file = await fileWith(readableWorld());
    const { out } = await runSandbox([...free, "--world", file], async (_, stop) => stop());
    for (const word of ["Confluence Cloud", "gateway", "/ex/confluence", "OAuth", "sandbox-token", "/scim", "/admin"]) {
      expect(out).not.toContain(word);
    }
    expect(out).toContain("Sandbox of Confluence Data Center");
    expect(out).toContain("/__sandbox/journal");
    expect(out).toContain("admin : sandbox-password");
  });
});

describe("the flags of Data Center", () => {
  it("reach the sandbox", async () => {
    const file = await fileWith(readableWorld());
    const flags = ["--dc-basic-disabled", "--dc-read-only", "--dc-members-follow-nested", "--dc-rpc-disabled", "405"];
    await runSandbox([...free, ...flags, "--world", file], async (_, stop, out) => {
      const url = /Data Center [\d.]+: (\S+)/.exec(out)?.[1];
      const bearer = { authorization: "Bearer sandbox-personal-access-token", "x-atlassian-token": "no-check" };
      const statusOf = async (path: string, init: RequestInit) => (await fetch(`${url}${path}`, init)).status;
      const basic = { authorization: `Basic ${Buffer.from("admin:sandbox-password").toString("base64")}` };
      expect(await statusOf("/rest/api/group", { headers: basic })).toBe(403);
      expect(await statusOf("/rest/api/user/cy/group/a", { method: "PUT", headers: bearer })).toBe(403);
      expect(await statusOf("/rpc/json-rpc/confluenceservice-v2/getGroups", { method: "POST", headers: bearer })).toBe(
        405,
      );
      const members = await (await fetch(`${url}/rest/api/group/a/member`, { headers: bearer })).json();
      expect(members).toMatchObject({ size: 2 });
      stop();
    });
  });
});

describe("a world file", () => {
  it("may begin with a byte order mark", async () => {
    expect(await loadWorld(await fileWith(readableWorld(), "\ufeff"))).toEqual(readableWorld());
  });
});
