import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { idsOf } from "../provisioning/ids.js";
import { runCli } from "../support/runCli.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human } from "../support/worlds.js";
import { ensureBuilt } from "./ensureBuilt.js";

const world = cloudWorld({
  accounts: [human(1), human(2)],
  groups: [{ id: "g-team", name: "team", members: [human(1).accountId] }],
});
const token = "a-random-word-of-more-than-thirty-two-characters";
const folder = mkdtempSync(join(tmpdir(), "audit-cli-"));
const tokenFile = join(folder, "token");

beforeAll(() => ensureBuilt(), 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const audit = (...args: string[]) => runCli("cli/audit.js", args, {});

describe("npm run audit", () => {
  it("verifies the running server's record and its file of lines, and finds what was done to a copy", async () => {
    writeFileSync(tokenFile, `${token}\n`);
    await using stack = await startProvisioning(world, { CALLER_TOKEN: token });
    const { siteId } = stack;
    const ids = idsOf(siteId);
    const authorization = { authorization: `Bearer ${token}` };
    const change = (kind: string, requestId: string) =>
      stack.query(
        `mutation ($input: ${kind}GroupMembershipInput!) {
          ${kind.toLowerCase()}GroupMembership(input: $input) { changes { outcome } }
        }`,
        { input: { group: ids.group("g-team"), accounts: [ids.account(2)], requestId } },
        authorization,
      );
    const asked = ["--url", stack.server.graphqlUrl, "--token-file", tokenFile];
    expect(await audit("verify", ...asked)).toEqual({
      code: 0,
      stdout: "No entry was found.\n",
      stderr: "",
    });
    await change("Grant", "R-1");
    await change("Revoke", "R-2");
    const { data } = await stack.query("{ site { record { head { number hash } } } }", {}, authorization);
    const { number, hash } = data.site.record.head;
    const newest = `${siteId}: 4 entries, newest ${number}:${hash}`;
    const whole = { code: 0, stdout: `${newest}\nEvery chain is whole.\n`, stderr: "" };
    expect(number).toBe(4);
    expect(await audit("verify", ...asked)).toEqual(whole);
    expect(await audit("verify", ...asked, "--head", `${siteId}=4:${hash}`)).toEqual(whole);
    expect(await audit("verify", "--file", stack.auditPath)).toEqual(whole);

    const copy = join(folder, "copy.jsonl");
    expect(await audit("export", ...asked, "--out", copy)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await audit("verify", "--file", copy)).toEqual(whole);

    const lines = (await readFile(copy, "utf8")).trimEnd().split("\n");
    const tampered = async (change: (lines: string[]) => string[]) => {
      await writeFile(copy, `${change([...lines]).join("\n")}\n`);
      const { code, stdout } = await audit("verify", "--file", copy);
      return { code, faults: stdout.split("\n").filter((line) => line.startsWith("  ")) };
    };
    expect(await tampered(([a = "", , c = "", d = "", head = ""]) => [a, c, d, head])).toEqual({
      code: 1,
      faults: ["  MISSING: Entry 2 is missing."],
    });
    expect(await tampered((all) => all.map((line) => line.replace("R-1", "R-9")))).toMatchObject({
      code: 1,
      faults: [expect.stringContaining("CHANGED: Entry 1 "), expect.stringContaining("CHANGED: Entry 2 ")],
    });
    expect((await tampered(([a = "", b = "", c = "", d = ""]) => [a, c, b, d])).code).toBe(1);
    expect(await tampered(([a = "", b = "", c = "", , head = ""]) => [a, b, c, head])).toEqual({
      code: 1,
      faults: ["  MISSING: Entry 4 is missing at the end."],
    });
  }, 120_000);

  it("says in one line what is wrong with the command, or that nobody answers", async () => {
    expect(await audit()).toMatchObject({ code: 2, stderr: "Say what to do: verify or export. See --help.\n" });
    expect(await audit("verify", "--head", "acme=1")).toMatchObject({
      code: 2,
      stderr: "--head takes what verify printed: <site>=<number>:<hash>.\n",
    });
    expect(await audit("export", "--file", "x")).toMatchObject({ code: 2 });
    expect(await audit("verify", "--url", "http://127.0.0.1:9/graphql")).toEqual({
      code: 1,
      stdout: "",
      stderr: "No server answers at http://127.0.0.1:9/graphql. Name it by --url.\n",
    });
    expect(await audit("verify", "--file", "/no/such/file")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("ENOENT"),
    });
  });

  it("says what the server says where it refuses", async () => {
    await using stack = await startProvisioning(world, { CALLER_TOKEN: token });
    const { code, stderr } = await audit("verify", "--url", stack.server.graphqlUrl);
    expect([code, stderr]).toEqual([1, expect.stringContaining("The server says: Callers must present a token")]);
  });
});
