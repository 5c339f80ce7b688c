import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningSandbox } from "../../sandbox/src/startSandbox.js";
import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import { startWatchedSandbox } from "../support/deadFaults.js";
import { programFlags } from "../support/engineFlags.js";
import { sendQuery } from "../support/sendQuery.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { heldIn } from "./heldIn.js";
import { idsOf } from "./ids.js";

const world = cloudWorld({
  accounts: [human(1), human(2)],
  spaces: [
    space(1, {
      permissions: [permission("user", human(1).accountId), permission("user", human(1).accountId, "administer/space")],
    }),
  ],
});
/** The built server: `npm test` builds first. */
const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

describe("a process that is killed between a write and its reading back", () => {
  let folder: string;
  let sandbox: RunningSandbox;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "audit-"));
    sandbox = await startWatchedSandbox({ world: parseWorld(world) });
  });
  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    await sandbox.close();
    await rm(folder, { recursive: true });
  });

  async function startServer(): Promise<{ child: ChildProcess; url: string }> {
    const child = spawn(process.execPath, [...programFlags, main], {
      env: {
        PATH: process.env.PATH,
        PORT: "0",
        LOG_LEVEL: "error",
        CONFLUENCE_URL: sandbox.url,
        CONFLUENCE_DEPLOYMENT: "cloud",
        CONFLUENCE_EMAIL: sandbox.credential.email,
        CONFLUENCE_API_TOKEN: sandbox.credential.apiToken,
        PROVISIONING: "on",
        AUDIT_LOG: join(folder, "audit.jsonl"),
      },
    });
    children.push(child);
    let output = "";
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout?.on("data", (chunk) => {
        output += String(chunk);
        const found = /GraphQL\s+(\S+)/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
      child.stderr?.on("data", (chunk) => {
        output += String(chunk);
      });
      child.once("exit", () => reject(new Error(output)));
    });
    return { child, url };
  }

  const writes = () =>
    sandbox.journal().filter(({ path, method }) => method === "POST" && path.endsWith("/permission"));

  it("is settled by the next identical call, which writes nothing; the audit shows both", async () => {
    const first = await startServer();
    const { data } = await sendQuery(first.url, "{ sites { siteId } }");
    const ids = idsOf(data.sites[0].siteId);
    const document = `mutation {
      grantSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(2)}", permissions: [{ operation: "read", target: "space" }], requestId: "R-7" }) { outcome plan userErrors { code } }
    }`;
    const grants = "GET /wiki/api/v2/spaces/1001/permissions";
    // What is read before the write is answered; what reads back waits for an answer that will not come.
    const held = [
      { match: grants, times: 1, delayMs: 0 },
      { match: grants, times: 1, delayMs: 600_000 },
    ];
    await fetch(`${sandbox.url}/__sandbox/faults`, { method: "POST", body: JSON.stringify(held) });
    const unanswered = sendQuery(first.url, document).then(
      () => "answered",
      () => "cut",
    );
    const faults = async () => (await fetch(`${sandbox.url}/__sandbox/faults`)).json();
    await expect.poll(faults, { timeout: 60_000, interval: 10 }).toEqual([]);
    expect(heldIn(sandbox.world(), 1, human(2).accountId)).toContain("read/space");
    expect(writes()).toHaveLength(1);
    first.child.kill("SIGKILL");
    expect(await unanswered).toBe("cut");

    const second = await startServer();
    const again = await sendQuery(second.url, document);
    expect(again.data.grantSpaceAccess).toEqual({ outcome: "ALREADY_EXISTS", plan: [], userErrors: [] });
    expect(writes()).toHaveLength(1);
    const lines = (await readFile(join(folder, "audit.jsonl"), "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        phase: "attempt",
        action: "grantPermissions",
        outcome: null,
        plan: ["grant read/space"],
        callerRequestId: "R-7",
      },
      { phase: "result", action: "grantPermissions", outcome: "ALREADY_EXISTS", callerRequestId: "R-7" },
    ]);
  }, 180_000);
});
