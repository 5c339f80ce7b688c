import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { systemClock } from "../../src/compose/systemClock.js";
import { Secret } from "../../src/config/Secret.js";
import type { SiteId } from "../../src/domain/ids.js";
import { verifyChain } from "../../src/record/chain.js";
import { openRecord } from "../../src/record/openRecord.js";
import type { RunningSandbox } from "../../src/sandbox/startSandbox.js";
import { idsOf } from "../provisioning/ids.js";
import { sendQuery } from "../support/sendQuery.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const dist = join(import.meta.dirname, "../../dist");

/** Somebody to change, and a space that keeps its administrator. */
export const killWorld = cloudWorld({
  accounts: [human(1), human(2)],
  groups: [{ id: "g1", name: "readers", members: [] }],
  spaces: [
    space(1, {
      permissions: [
        permission("user", human(1).accountId),
        permission("user", human(1).accountId, "administer/space"),
        permission("user", human(2).accountId),
      ],
    }),
  ],
});

/** Where the record of the killed process is. */
export type KillPlace =
  | { readonly kind: "directory"; readonly directory: string }
  | { readonly kind: "database"; readonly url: string };

/** When the process is killed: at its n-th call upstream after the change was asked for. */
export interface KillMoment {
  readonly call: number;
  /** `before`: the call reaches nobody. `after`: it was carried out, and its answer never comes. `later`: some time after the answer. */
  readonly when: "before" | "after" | "later";
  readonly laterMs?: number;
}

export interface KilledRound {
  readonly name: string;
  readonly wasKilled: boolean;
  /** What the repeat under the same request id ended as, and a repeat of that. */
  readonly outcomes: readonly string[];
  readonly expected: string;
  /** Writes that reached the site. */
  readonly writes: readonly string[];
}

/** A built server between us and a sandbox that kills it at a chosen call, and starts it again over the same record. */
export async function openKillStage(sandbox: RunningSandbox, place: KillPlace) {
  let armed: (KillMoment & { readonly kill: () => Promise<void> }) | null = null;
  let calls = 0;
  const proxy = createServer((asked, answer) => void pass(asked, answer));
  async function pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    calls += 1;
    const moment = armed !== null && armed.call === calls ? armed : null;
    if (moment?.when === "before") {
      await moment.kill();
      return void asked.socket.destroy();
    }
    const body: Buffer[] = [];
    for await (const part of asked) body.push(part as Buffer);
    const { hostname, port } = new URL(sandbox.url);
    const { method, url: path, headers } = asked;
    const sent = forward({ hostname, port, method, path, headers });
    sent.end(Buffer.concat(body));
    const [reply] = (await once(sent, "response")) as [IncomingMessage];
    const parts: Buffer[] = [];
    for await (const part of reply) parts.push(part as Buffer);
    if (moment?.when === "after") {
      await moment.kill();
      return void asked.socket.destroy();
    }
    answer.writeHead(reply.statusCode ?? 500, reply.headers);
    answer.end(Buffer.concat(parts));
    if (moment?.when === "later") setTimeout(() => void moment.kill(), moment.laterMs ?? 0);
  }
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const address = proxy.address();
  const proxyUrl = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;

  const kept = place.kind === "directory" ? { STATE_DIR: place.directory } : { DATABASE_URL: place.url };
  const env = {
    ...{ PORT: "0", LOG_LEVEL: "warn", PROVISIONING: "on", AUDIT_LOG: "/dev/null", ...kept },
    ...{ CONFLUENCE_URL: proxyUrl, CONFLUENCE_DEPLOYMENT: "cloud" },
    ...{ CONFLUENCE_EMAIL: sandbox.credential.email, CONFLUENCE_API_TOKEN: sandbox.credential.apiToken },
  };
  const children = new Set<ChildProcess>();
  async function start(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
    const child = spawn(process.execPath, [join(dist, "main.js")], { env });
    children.add(child);
    let output = "";
    const url = await new Promise<string>((resolve, reject) => {
      const look = (chunk: Buffer) => {
        output += chunk.toString();
        const found = /GraphQL\s+(\S+)/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      };
      child.stdout.on("data", look);
      child.stderr.on("data", look);
      child.once("exit", () => reject(new Error(`The server ended before it was up.\n${output}`)));
    });
    return { child, url };
  }
  async function end(child: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  }

  let server = await start();
  const { data } = await sendQuery(server.url, "{ sites { siteId } }");
  const siteId = data.sites[0].siteId as SiteId;
  const actions = actionsOf(siteId);
  const writes = () =>
    sandbox
      .journal()
      .map(({ method, path }) => `${method} ${path.split("?")[0]}`)
      .filter((call) => !/^GET |users-bulk|\/search/.test(call));

  return {
    siteId,
    actions,
    /** The calls of an action that nobody disturbs. */
    calls: () => calls,
    start,
    writes,
    /** Asks for the n-th change, kills the process meanwhile, starts it again and asks anew, twice. */
    round: async (number: number, moment: KillMoment | null): Promise<KilledRound> => {
      const action = actions[number % actions.length];
      if (action === undefined) throw new Error("No action.");
      const writesBefore = writes().length;
      const document = action.document(`round-${number}`, Math.floor(number / actions.length));
      const dying = server;
      let killing: Promise<void> | null = null;
      calls = 0;
      armed = moment && {
        ...moment,
        kill: () => {
          killing ??= end(dying.child, "SIGKILL");
          return killing;
        },
      };
      await sendQuery(dying.url, document).catch(() => null);
      armed = null;
      if (moment?.when === "later") await end(dying.child, "SIGKILL");
      await killing;
      if (dying.child.exitCode !== null || dying.child.signalCode !== null) server = await start();
      const ask = async () => {
        const answer = await sendQuery(server.url, document);
        const { outcome, changes } = answer.data.it;
        return String(outcome ?? changes?.[0]?.outcome);
      };
      const outcomes = [await ask(), await ask()];
      return {
        name: action.name,
        wasKilled: killing !== null,
        outcomes,
        expected: action.expected,
        writes: writes().slice(writesBefore),
      };
    },
    /** Ends the server in order and looks at the record itself. */
    inspect: async () => {
      await end(server.child, "SIGTERM");
      const recordPlace =
        place.kind === "directory" ? place : ({ kind: "database", url: new Secret(place.url) } as const);
      const worker = new URL(`file://${join(dist, "record/embeddedWorker.js")}`);
      const { record, locks } = await openRecord(recordPlace, systemClock, worker);
      const entries = await record.chain(siteId, 0, 1_000_000);
      const { faults } = verifyChain({ number: 0, hash: "genesis" }, entries);
      const ended = new Set(entries.filter(({ phase }) => phase === "result").map(({ changeId }) => changeId));
      const open = entries.filter(({ changeId }) => !ended.has(changeId));
      await record.close();
      await locks.close();
      return { entries: entries.length, faults, open: open.length };
    },
    close: async () => {
      for (const child of children) await end(child, "SIGKILL");
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}

/** Changes that undo one another, each one write. */
function actionsOf(siteId: string) {
  const ids = idsOf(siteId);
  const access = (kind: "grant" | "revoke", requestId: string) =>
    `mutation { it: ${kind}SpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(2)}", permissions: [{ operation: "create", target: "page" }], requestId: "${requestId}" }) { outcome } }`;
  const membership = (kind: "grant" | "revoke", requestId: string) =>
    `mutation { it: ${kind}GroupMembership(input: { group: "${ids.group("g1")}", accounts: ["${ids.account(2)}"], requestId: "${requestId}" }) { changes { outcome } } }`;
  return [
    { name: "grant access", expected: "CREATED", document: (id: string) => access("grant", id) },
    { name: "grant membership", expected: "CREATED", document: (id: string) => membership("grant", id) },
    { name: "revoke access", expected: "REMOVED", document: (id: string) => access("revoke", id) },
    { name: "revoke membership", expected: "REMOVED", document: (id: string) => membership("revoke", id) },
    {
      name: "create group",
      expected: "CREATED",
      document: (id: string, turn: number) =>
        `mutation { it: createGroup(input: { name: "made ${turn}", requestId: "${id}" }) { outcome } }`,
    },
  ];
}
