import { request as httpRequest } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import tls from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { privateAuthority } from "../datacenter/privateAuthority.js";
import type { GraphAnswer } from "../support/sendQuery.js";
import { startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const world = cloudWorld({
  accounts: [human(1), human(2)],
  groups: [{ id: "g-1", name: "Designers", members: [human(1).accountId] }],
  spaces: [1, 2, 3].map((number) => space(number, { permissions: [permission("user", human(1).accountId)] })),
});

type Connecting = "trusted" | "refused" | "not found" | "not trusted";

/** A site behind TLS to which every call has a connection of its own, made as it is said here. */
async function startSecureEdge() {
  let target = "";
  let connecting: Connecting = "trusted";
  let connections = 0;
  let calls = 0;
  let isRefusingWrites = false;
  let refusedAt = 0;
  /** How to connect from the call of that number on. */
  let turning: { readonly atCall: number; readonly to: Connecting } | null = null;
  const server = createTlsServer(privateAuthority.server, (request, response) => {
    calls += 1;
    if (request.method === "POST" && request.url?.includes("userByGroupId") && isRefusingWrites) {
      refusedAt = calls;
      response.writeHead(400, { connection: "close" }).end();
      return;
    }
    const isTurn = turning?.atCall === calls;
    const { host } = new URL(target);
    const onward = httpRequest(
      `${target}${request.url ?? ""}`,
      { method: request.method, headers: { ...request.headers, host } },
      (answer) => {
        if (isTurn && turning !== null) connecting = turning.to;
        response.writeHead(answer.statusCode ?? 500, { ...answer.headers, connection: "close" });
        answer.pipe(response);
      },
    );
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const connect = tls.connect.bind(tls) as (options: tls.ConnectionOptions) => tls.TLSSocket;
  const spy = vi.spyOn(tls, "connect").mockImplementation(((options: tls.ConnectionOptions) => {
    const { session: _session, ...fresh } = options;
    if (connecting !== "trusted") connections += 1;
    switch (connecting) {
      case "trusted":
        return connect({ ...fresh, ca: privateAuthority.certificate });
      case "not trusted":
        return connect(fresh);
      case "refused":
        // Nobody listens there: it is no port of ours.
        return connect({ ...fresh, port: 1 });
      case "not found":
        return connect({
          ...fresh,
          host: "site.invalid",
          lookup: (hostname, _options, found) => {
            const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: "ENOTFOUND" });
            queueMicrotask(() => found(error, "", 4));
          },
        });
    }
  }) as typeof tls.connect);
  return {
    leadTo(url: string): string {
      target = url;
      return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    /** From the call of that number on, counted from now; answers how many connections were tried so since. */
    turn(to: Connecting, atCall = 0): () => number {
      connections = 0;
      calls = 0;
      turning = atCall === 0 ? null : { atCall, to };
      connecting = atCall === 0 ? to : "trusted";
      return () => connections;
    },
    /** How many calls a change takes before it writes, which it does not. */
    async callsBefore(work: () => Promise<unknown>): Promise<number> {
      isRefusingWrites = true;
      calls = 0;
      await work();
      isRefusingWrites = false;
      return refusedAt - 1;
    },
    close: () => {
      spy.mockRestore();
      return new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

let edge: Awaited<ReturnType<typeof startSecureEdge>>;
let stack: Awaited<ReturnType<typeof startStack>>;
let ids: { readonly group: string; readonly account: string };
beforeAll(async () => {
  edge = await startSecureEdge();
  stack = await startStack({
    world,
    behind: (url) => edge.leadTo(url),
    env: { PROVISIONING: "on", AUDIT_LOG: "/dev/null", CONFLUENCE_CONCURRENCY: "256" },
  });
  const { data } = await stack.query(
    `{ group(groupId: "g-1") { id } account(accountId: "${human(2).accountId}") { id } }`,
  );
  ids = { group: data.group.id, account: data.account.id };
});
afterEach(() => void edge.turn("trusted"));
afterAll(async () => {
  await stack.close();
  await edge.close();
});

/** Pauses take no time. */
function ask(document: string): Promise<GraphAnswer> {
  return stack.clock.hurry(() => stack.query(document));
}

const completeness = "completeness { gaps { code } }";
const reads = {
  one: '{ group(groupId: "g-1") { name } }',
  list: `{ groups { nodes { name } ${completeness} } }`,
  crawl: `{ grants { nodes { id } ${completeness} } }`,
} as const;

/** The one code of everything that went wrong with an answer. */
function codesOf({ errors }: GraphAnswer): string[] {
  return [...new Set((errors ?? []).map(({ extensions }) => String(extensions.code)))];
}

/** What happens, the code of it, how often each reading connects in vain, and the change's code and how often it does at most. */
const matrix: readonly [Connecting, string, Readonly<Record<keyof typeof reads, number>>, readonly [string, number]][] =
  [
    ["refused", "UPSTREAM_UNREACHABLE", { one: 5, list: 5, crawl: 20 }, ["STATE_UNKNOWN", 20]],
    ["not found", "UPSTREAM_UNREACHABLE", { one: 5, list: 5, crawl: 20 }, ["STATE_UNKNOWN", 20]],
    ["not trusted", "UPSTREAM_UNREACHABLE", { one: 1, list: 1, crawl: 4 }, ["STATE_UNKNOWN", 8]],
  ];

describe("a site to which no connection comes about", () => {
  it.each(matrix)(
    "%s: is told by its code, tried again as often as it helps, and asked again it is whole",
    async (to, code, counts) => {
      for (const [what, document] of Object.entries(reads)) {
        stack.clock.shift(24 * 3_600_000);
        const tried = edge.turn(to);
        const failed = await ask(document);
        expect(codesOf(failed)).toEqual([code]);
        expect(failed.data.group ?? failed.data.groups?.nodes ?? failed.data.grants?.nodes ?? null).toBeNull();
        // Three lists of spaces and one of groups find out together, so that one or another is not tried to the end.
        if (what === "crawl") expect(tried()).toBeLessThanOrEqual(counts.crawl);
        else expect([what, tried()]).toEqual([what, counts[what as keyof typeof reads]]);
        edge.turn("trusted");
        expect((await ask(document)).errors).toBeUndefined();
      }
    },
  );

  it.each(matrix)(
    "%s: is told of a change whose write cannot be sent, and which is not carried out",
    async (to, _code, _counts, [fault, expected]) => {
      const change = `mutation { grantGroupMembership(input: { group: "${ids.group}", accounts: ["${ids.account}"] }) {
        changes { outcome userErrors { code } } } }`;
      edge.turn("trusted");
      const before = await edge.callsBefore(() => ask(change));
      const tried = edge.turn(to, before);
      const { data } = await ask(change);
      expect(data.grantGroupMembership.changes).toEqual([{ outcome: "FAILED", userErrors: [{ code: fault }] }]);
      // It is read again whether it was carried out, which fails as well.
      expect(tried()).toBeGreaterThan(0);
      expect(tried()).toBeLessThanOrEqual(expected);
      edge.turn("trusted");
      expect(stack.countCalls("POST", /userByGroupId$/)).toBe(0);
    },
  );
});
