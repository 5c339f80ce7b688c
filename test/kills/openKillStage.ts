import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import type { RunningSandbox } from "../../sandbox/src/startSandbox.js";
import { systemClock } from "../../src/compose/systemClock.js";
import { Secret } from "../../src/config/Secret.js";
import type { SiteId } from "../../src/domain/ids.js";
import { verifyChain } from "../../src/record/chain.js";
import { openRecord } from "../../src/record/openRecord.js";
import { programFlags } from "../support/engineFlags.js";
import { sendQuery } from "../support/sendQuery.js";

import { actionsOf, isWrite } from "./killActions.js";

const dist = join(import.meta.dirname, "../../dist");

/** Where the record of the killed process is. */
export type KillPlace =
  | { readonly kind: "directory"; readonly directory: string }
  | { readonly kind: "database"; readonly url: string };

/** When the process is killed. */
export type KillMoment = CallMoment | { readonly when: "answered" };

/** At the n-th call upstream after the change was asked for. */
interface CallMoment {
  readonly call: number;
  /** `before`: the call reaches nobody. `after`: it was carried out, and its answer never comes. `later`: some time after the answer. */
  readonly when: "before" | "after" | "later";
  readonly laterMs?: number;
}

/** A change that is held at a moment of its own, its call unanswered, while others go on to theirs: then one kill ends them all. */
export interface HeldChange {
  readonly action: string;
  /** `readBack`: at the first call that looks at what was written. */
  readonly at: "before the write" | "after the write" | "readBack" | "answered";
}

/** A held change under way. */
interface Holding extends HeldChange {
  readonly write: RegExp;
  readonly readBack: RegExp;
  isWritten: boolean;
  readonly reach: () => void;
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
export async function openKillStage(
  sandbox: RunningSandbox,
  place: KillPlace,
  folder: string,
  /** Runs while the server is down: what search lags behind is there before it is asked anew, however fast the machine is. */
  whileDown: () => void = () => undefined,
) {
  let armed: (CallMoment & { readonly kill: () => Promise<void> }) | null = null;
  let calls = 0;
  let holdings: readonly Holding[] = [];
  const proxies: Server[] = [];
  async function pass(asked: IncomingMessage, answer: ServerResponse, site: string): Promise<void> {
    calls += 1;
    const moment = armed !== null && armed.call === calls ? armed : null;
    const call = `${asked.method} ${asked.url}`;
    const writing = holdings.find(({ isWritten, write }) => !isWritten && write.test(call));
    const reading = holdings.find(
      ({ at, isWritten, readBack }) => at === "readBack" && isWritten && readBack.test(call),
    );
    if (reading !== undefined) return reading.reach();
    if (writing?.at === "before the write") return writing.reach();
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
    if (writing !== undefined) writing.isWritten = true;
    if (writing?.at === "after the write") return writing.reach();
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
    const child = spawn(process.execPath, [...programFlags, join(dist, "main.js")], { env });
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
  let turns = 0;
  const siteIds = sites.map(({ id }) => id as SiteId);
  const actions = actionsOf();
  const writes = () =>
    sandbox
      .journal()
      .map(({ method, path }) => `${method} ${path.split("?")[0]}`)
      .filter(isWrite);
  /** What a change ends as, asked for now. */
  async function ask(document: string): Promise<string> {
    const answer = await sendQuery(server.url, document);
    const { outcome, changes, userErrors } = answer.data.it;
    return [outcome ?? changes?.[0]?.outcome, ...userErrors.map(({ code }: { code: string }) => code)].join(" ");
  }

  return {
    actions,
    /** The calls of an action that nobody disturbs. */
    calls: () => calls,
    start,
    writes,
    /** Asks for the n-th change, kills the process meanwhile, starts it again and asks anew, twice. */
    round: async (number: number, moment: KillMoment | null): Promise<KilledRound> => {
      const alike = actions.filter(({ isInvitation }) => isInvitation !== true);
      const action = alike[number % alike.length];
      if (action === undefined) throw new Error("No action.");
      const writesBefore = writes().length;
      const document = action.document(`round-${number}`, Math.floor(number / alike.length));
      const dying = server;
      let killing: Promise<void> | null = null;
      const kill = () => {
        killing ??= end(dying.child, "SIGKILL");
        return killing;
      };
      calls = 0;
      armed = moment === null || moment.when === "answered" ? null : { ...moment, kill };
      const told = await ask(document).catch(() => null);
      armed = null;
      if (moment?.when === "later" || moment?.when === "answered") await kill();
      await killing;
      if (dying.child.exitCode !== null || dying.child.signalCode !== null) server = await start();
      const outcomes = [...(told === null ? [] : [told]), await ask(document), await ask(document)];
      return {
        name: action.name,
        wasKilled: killing !== null,
        outcomes,
        expected: action.expected,
        writes: writes().slice(writesBefore),
      };
    },
    /** Asks for several changes at once, kills the process when each is where it is to be, and starts it and asks anew, twice. */
    together: async (changes: readonly HeldChange[]): Promise<KilledRound[]> => {
      turns += 1;
      const before = writes().length;
      const rounds = changes.map((change) => {
        const action = actions.find(({ name }) => name === change.action);
        if (action === undefined) throw new Error(`No action ${change.action}.`);
        const reached = withResolvers<string | null>();
        const holding: Holding = { ...change, ...action, isWritten: false, reach: () => reached.resolve(null) };
        return {
          action,
          holding,
          reached,
          document: action.document(`together-${turns}-${action.name}`, 1_000 + turns),
        };
      });
      holdings = rounds.map(({ holding }) => holding);
      for (const { document, holding, reached } of rounds)
        ask(document).then(
          (outcome) =>
            holding.at === "answered"
              ? reached.resolve(outcome)
              : reached.reject(new Error(`${holding.action} was answered ${outcome}, and never was ${holding.at}`)),
          // What the kill cuts off.
          () => undefined,
        );
      const told = await Promise.all(rounds.map(({ reached }) => reached.promise));
      await end(server.child, "SIGKILL");
      holdings = [];
      whileDown();
      server = await start();
      const again = await Promise.all(
        rounds.map(async ({ document }) => [await ask(document), await ask(document)] as const),
      );
      const sent = writes().slice(before);
      return rounds.map(({ action, holding }, at) => ({
        name: `${action.name}, ${holding.at}`,
        wasKilled: true,
        outcomes: [...(told[at] == null ? [] : [told[at]]), ...(again[at] ?? [])],
        expected: action.expected,
        writes: sent.filter((call) => action.write.test(call)),
      }));
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

function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<T>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
