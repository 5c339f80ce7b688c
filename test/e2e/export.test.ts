import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { read, utils } from "@e965/xlsx";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import { startWatchedSandbox } from "../support/deadFaults.js";
import { runCli } from "../support/runCli.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { ensureBuilt } from "./ensureBuilt.js";

const folder = mkdtempSync(join(tmpdir(), "export-"));
let sandbox: Awaited<ReturnType<typeof startWatchedSandbox>> | undefined;
beforeAll(() => ensureBuilt(), 300_000);
afterAll(async () => {
  await sandbox?.close();
  rmSync(folder, { recursive: true, force: true });
});

const id = (number: number) => human(number).accountId;
const world = cloudWorld({
  accounts: [human(1), { ...human(2), displayName: '=HYPERLINK("http://evil.test","Ann")' }],
  groups: [{ id: "g-team", name: "team", members: [id(1), id(2)] }],
  spaces: [1, 2, 3].map((number) =>
    space(number, {
      permissions: [
        ...[permission("user", id(1)), permission("user", id(1), "administer/space")],
        ...[permission("group", "g-team"), permission("access-class", "anonymous-users")],
      ],
    }),
  ),
});

function opened(file: string) {
  const book = read(readFileSync(file), { type: "buffer" });
  const sheet = book.Sheets[book.SheetNames[0] ?? ""] ?? {};
  const isRun = Object.values(sheet).some((cell) => (cell as { readonly f?: string }).f !== undefined);
  return { rows: utils.sheet_to_json<Record<string, unknown>>(sheet), isRun };
}

it("is written whole, for a spreadsheet too; what is missing ends it, unless it is wanted all the same", async () => {
  sandbox = await startWatchedSandbox({ world: parseWorld(world) });
  const { email, apiToken } = sandbox.credential;
  const env = {
    ...{ CONFLUENCE_URL: sandbox.url, CONFLUENCE_DEPLOYMENT: "cloud", INDEX_QUOTA_SHARE: "1" },
    ...{ CONFLUENCE_EMAIL: email, CONFLUENCE_API_TOKEN: apiToken },
  };
  const run = async (name: string, ...args: string[]) => {
    const file = join(folder, name);
    return { file, ...(await runCli("cli/export.js", [...args, "--out", file], env)) };
  };
  const [grants, effective, findings, misused] = await Promise.all([
    run("grants.csv", "--what", "grants"),
    run("effective.ndjson", "--what", "effective", "--format", "ndjson"),
    run("findings.json", "--what", "findings", "--format", "json"),
    run("none.csv", "--what", "grants", "--site", "elsewhere"),
  ]);
  for (const { code, stdout, stderr } of [grants, effective]) expect([code, stdout, stderr]).toEqual([0, "", ""]);
  expect([findings.code, findings.stdout]).toEqual([0, ""]);
  expect(findings.stderr).toMatch(/^Dormant administrators are not known: No organization is configured[^\n]*\n$/);
  const { rows, isRun } = opened(grants.file);
  expect([rows.length, isRun]).toEqual([2 + 3 * 4, false]);
  expect(rows.map((row) => row.principalName).filter((name) => String(name).includes("HYPERLINK"))).toEqual([
    `'=HYPERLINK("http://evil.test","Ann")`,
  ]);
  expect(statSync(grants.file).mode & 0o077).toBe(0);
  const lines = readFileSync(effective.file, "utf8").trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line) as object)).toHaveLength(6);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    ...{ spaceKey: "S1", accountId: id(1), decision: "ALLOWED", isDirect: true, pathCount: 3 },
    permissions: ["administer/space", "read/space"],
  });
  const told = JSON.parse(readFileSync(findings.file, "utf8")) as { rows: { kind: string }[] };
  expect(told).toMatchObject({ what: "findings", isComplete: true, gaps: [] });
  expect(told.rows.map(({ kind }) => kind)).toEqual(Array.from({ length: 3 }, () => "ANONYMOUS_ACCESS"));
  expect([misused.code, misused.stderr]).toEqual([2, expect.stringContaining("--site takes one of ")]);

  const fault = { match: "GET /wiki/api/v2/spaces/1002/permissions", times: 99, status: 403 };
  await fetch(`${sandbox.url}/__sandbox/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify([fault]),
  });
  const [refused, allowed] = await Promise.all([
    run("short.csv", "--what", "grants"),
    run("allowed.csv", "--what", "grants", "--allow-incomplete"),
  ]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/^The answer is incomplete: 1 thing was not read; nothing was written; /);
  expect(refused.stderr).toMatch(/ {2}Not known: .*1002/);
  expect(existsSync(refused.file)).toBe(false);
  expect(allowed.code).toBe(0);
  const short = opened(allowed.file).rows;
  expect(short).toHaveLength(2 + 2 * 4 + 1);
  expect(short.at(-1)?.gap).toMatch(/^Not known: .*1002/);
}, 120_000);
