import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import { idsOf } from "../provisioning/ids.js";
import { startWatchedSandbox } from "../support/deadFaults.js";
import { cloudWorld, human } from "../support/worlds.js";
import { type ServerProgram, startServerProgram } from "./startServerProgram.js";

const clients = 12;
const groupOf = (client: number) => `g-${client}`;
const world = cloudWorld({
  accounts: [human(1)],
  groups: Array.from({ length: clients }, (_, client) => ({
    id: groupOf(client),
    name: groupOf(client),
    members: [],
  })),
});

describe("the built server, ended while clients ask and change", () => {
  let folder: string;
  let sandbox: Awaited<ReturnType<typeof startWatchedSandbox>>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "endings-"));
    sandbox = await startWatchedSandbox({ world: parseWorld(world), latencyMs: 5 });
  });
  afterAll(async () => {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Clients that change without pause, each a group of its own, until nobody listens any more; after some changes the end comes. */
  async function endUnderLoad(name: string, end: (server: ServerProgram) => void) {
    const auditFile = join(folder, `${name}.jsonl`);
    const server = await startServerProgram({
      CONFLUENCE_URL: sandbox.url,
      CONFLUENCE_DEPLOYMENT: "cloud",
      CONFLUENCE_EMAIL: sandbox.credential.email,
      CONFLUENCE_API_TOKEN: sandbox.credential.apiToken,
      ...{ PROVISIONING: "on", AUDIT_LOG: auditFile },
    });
    const { data } = await server.query("{ sites { siteId } }");
    const ids = idsOf(data.sites[0].siteId);
    const answered: { readonly requestId: string; readonly outcome: string }[] = [];
    const refused: string[] = [];
    const unanswered: string[] = [];
    const run = async (client: number) => {
      for (let turn = 0; ; turn += 1) {
        const requestId = `${name}-${client}-${turn}`;
        const verb = turn % 2 === 0 ? "grant" : "revoke";
        const change = `mutation { it: ${verb}GroupMembership(input: { group: "${ids.group(groupOf(client))}", accounts: ["${ids.account(1)}"], requestId: "${requestId}" }) { changes { outcome } userErrors { code } } }`;
        try {
          const { data, errors } = await server.query(change);
          if (errors !== undefined) refused.push(`${requestId}: ${errors[0]?.message}`);
          else answered.push({ requestId, outcome: data.it.changes[0].outcome });
        } catch {
          unanswered.push(requestId);
          return;
        }
        if (answered.length === clients * 2) end(server);
      }
    };
    await Promise.all(Array.from({ length: clients }, (_, client) => run(client)));
    const code = await server.ended();
    const lines = (await readFile(auditFile, "utf8")).split("\n").filter((line) => line.endsWith("}"));
    const entries = lines.map(
      (line) => JSON.parse(line) as { phase: string; callerRequestId: string; outcome: string },
    );
    const results = entries.filter(({ phase }) => phase === "result");
    const recorded = new Map(results.map(({ callerRequestId, outcome }) => [callerRequestId, outcome]));
    const unrecorded = answered.filter(({ requestId, outcome }) => recorded.get(requestId) !== outcome);
    // Whoever knocks in the very moment in which the door is shut is turned away unheard, as they would be a moment later.
    const begun = new Set(entries.map(({ callerRequestId }) => callerRequestId));
    return { code, answered, cut: [...refused, ...unanswered.filter((id) => begun.has(id))], unrecorded };
  }

  it("SIGTERM: cuts nothing off, and has all that it answered on record", async () => {
    const { code, answered, cut, unrecorded } = await endUnderLoad("term", (server) => server.signal("SIGTERM"));
    expect({ code, cut, unrecorded }).toEqual({ code: 0, cut: [], unrecorded: [] });
    // Those that were under way are answered as well.
    expect(answered.length).toBeGreaterThan(clients * 2);
  });

  it("SIGKILL: has all that it answered on record", async () => {
    const { answered, unrecorded } = await endUnderLoad("kill", (server) => server.signal("SIGKILL"));
    expect(unrecorded).toEqual([]);
    expect(answered.length).toBeGreaterThanOrEqual(clients * 2);
  });
});
