import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { systemClock } from "../../src/compose/systemClock.js";
import { Secret } from "../../src/config/Secret.js";
import type { SiteId } from "../../src/domain/ids.js";
import { verifyChain } from "../../src/record/chain.js";
import { openRecord } from "../../src/record/openRecord.js";
import type { RunningSandbox } from "../../src/sandbox/startSandbox.js";
import { dataCenterIds } from "../provisioning/dataCenterIds.js";
import { idsOf } from "../provisioning/ids.js";
import { dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { sendQuery } from "../support/sendQuery.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const dist = join(import.meta.dirname, "../../dist");

/** Two sites, in each somebody to change and a space that keeps its administrator. */
export const killWorld = {
  ...cloudWorld({
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
  }),
  ...smallDataCenterWorld("10.2.0"),
};

/** Where the record of the killed process is. */
export type KillPlace =
  | { readonly kind: "directory"; readonly directory: string }
  | { readonly kind: "database"; readonly url: string };

/** When the process is killed. */
export type KillMoment = CallMoment | { readonly when: "answered" };

/** At a call upstream: the n-th after the change was asked for, its write, or the first that reads back what was written. */
interface CallMoment {
  readonly call: number | "write" | "readBack";
  /** `before`: the call reaches nobody. `after`: it was carried out, and its answer never comes. `later`: some time after the answer. */
  readonly when: "before" | "after" | "later";
  readonly laterMs?: number;
}

export interface KilledRound {
  readonly name: string;
  readonly wasKilled: boolean;
  /** What the call itself was answered, if it was, what the repeat under the same request id, and what a repeat of that. */
  readonly outcomes: readonly string[];
  readonly expected: string;
  /** Writes that reached the site. */
  readonly writes: readonly string[];
}

/** A built server between us and a sandbox that kills it at a chosen call, and starts it again over the same record. */
export async function openKillStage(sandbox: RunningSandbox, place: KillPlace, folder: string) {
  let armed: (CallMoment & { readonly kill: () => Promise<void> }) | null = null;
  let calls = 0;
  let writesSent = 0;
  const proxies: Server[] = [];
  async function pass(asked: IncomingMessage, answer: ServerResponse, site: string): Promise<void> {
    calls += 1;
    const isReadBack = writesSent > 0;
    const isSent = isWrite(`${asked.method} ${asked.url}`);
    if (isSent) writesSent += 1;
    const isMeant = { write: isSent, readBack: isReadBack }[String(armed?.call)] ?? armed?.call === calls;
    const moment = isMeant ? armed : null;
    if (moment !== null) armed = null;
    if (moment?.when === "before") {
      await moment.kill();
      return void asked.socket.destroy();
    }
    const body: Buffer[] = [];
    for await (const part of asked) body.push(part as Buffer);
    const { hostname, port } = new URL(site);
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
  /** A way to a site on which the process can be killed. */
  async function openWay(site: string): Promise<string> {
    const proxy = createServer((asked, answer) => void pass(asked, answer, site));
    proxies.push(proxy);
    proxy.listen(0, "127.0.0.1");
    await once(proxy, "listening");
    const address = proxy.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    return `http://127.0.0.1:${port}${new URL(site).pathname.replace(/\/$/, "")}`;
  }

  const { basic } = sandbox.credentials;
  const personalAccessToken = sandbox.dataCenter?.credentials.personalAccessToken;
  const sites = [
    { id: "cloud", url: await openWay(sandbox.url), deployment: "cloud", credential: { kind: "api-token", ...basic } },
    {
      id: "cluster",
      url: await openWay(sandbox.dataCenter?.url ?? ""),
      deployment: "datacenter",
      credential: { kind: "personal-access-token", personalAccessToken },
    },
  ];
  const sitesFile = join(folder, "sites.json");
  await writeFile(sitesFile, JSON.stringify({ sites: sites.map((site) => ({ ...site, name: site.id })) }));
  const kept = place.kind === "directory" ? { STATE_DIR: place.directory } : { DATABASE_URL: place.url };
  const env = {
    ...{ PORT: "0", LOG_LEVEL: "warn", PROVISIONING: "on", AUDIT_LOG: "/dev/null", ...kept },
    SITES_FILE: sitesFile,
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
  const siteIds = sites.map(({ id }) => id as SiteId);
  const actions = actionsOf();
  const writes = () =>
    sandbox
      .journal()
      .map(({ method, path }) => `${method} ${path.split("?")[0]}`)
      .filter(isWrite);

  return {
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
      const kill = () => {
        killing ??= end(dying.child, "SIGKILL");
        return killing;
      };
      calls = 0;
      writesSent = 0;
      armed = moment === null || moment.when === "answered" ? null : { ...moment, kill };
      const ask = async () => {
        const answer = await sendQuery(server.url, document);
        const { outcome, changes } = answer.data.it;
        return String(outcome ?? changes?.[0]?.outcome);
      };
      const told = await ask().catch(() => null);
      armed = null;
      if (moment?.when === "later" || moment?.when === "answered") await kill();
      await killing;
      if (dying.child.exitCode !== null || dying.child.signalCode !== null) server = await start();
      const outcomes = [...(told === null ? [] : [told]), await ask(), await ask()];
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
      const chains = await Promise.all(siteIds.map((siteId) => record.chain(siteId, 0, 1_000_000)));
      const entries = chains.flat();
      const faults = chains.flatMap((chain) => verifyChain({ number: 0, hash: "genesis" }, chain).faults);
      const ended = new Set(entries.filter(({ phase }) => phase === "result").map(({ changeId }) => changeId));
      const open = entries.filter(({ changeId }) => !ended.has(changeId));
      await record.close();
      await locks.close();
      return { entries: entries.length, faults, open: open.length };
    },
    close: async () => {
      for (const child of children) await end(child, "SIGKILL");
      for (const proxy of proxies) {
        proxy.closeAllConnections();
        proxy.close();
      }
    },
  };
}

/** Whether a call, `POST /path`, writes: searches and look-ups of many are sent by POST as well. */
function isWrite(call: string): boolean {
  return !/^GET |users-bulk|\/search|check-access/.test(call);
}

/** Changes that undo one another, or make something new in each turn; each is one write. */
function actionsOf() {
  const ids = idsOf("cloud");
  const cluster = dataCenterIds("cluster");
  const accessInCluster = (kind: "grant" | "revoke", requestId: string) =>
    `mutation { it: ${kind}SpaceAccess(input: { space: "${cluster.space("OLD")}", principal: "${cluster.account(dcUsers.lee)}", permissions: [{ operation: "read", target: "space" }], requestId: "${requestId}" }) { outcome } }`;
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
        `mutation { it: createGroup(input: { siteId: "cloud", name: "made ${turn}", requestId: "${id}" }) { outcome } }`,
    },
    {
      name: "grant access on Data Center",
      expected: "CREATED",
      document: (id: string) => accessInCluster("grant", id),
    },
    {
      name: "provision account",
      expected: "CREATED",
      document: (id: string, turn: number) =>
        `mutation { it: provisionAccount(input: { siteId: "cluster", email: "new-${turn}@example.com", displayName: "New ${turn}", username: "new-${turn}", generatePassword: true, requestId: "${id}" }) { outcome } }`,
    },
    {
      name: "revoke access on Data Center",
      expected: "REMOVED",
      document: (id: string) => accessInCluster("revoke", id),
    },
    {
      name: "invite account",
      expected: "CREATED",
      document: (id: string, turn: number) =>
        `mutation { it: provisionAccount(input: { siteId: "cloud", email: "invited-${turn}@example.com", requestId: "${id}" }) { outcome } }`,
    },
  ];
}
