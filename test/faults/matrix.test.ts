import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { httpLimits } from "../../src/http/limits.js";
import type { GraphAnswer } from "../support/sendQuery.js";
import { startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { type Act, startEdge } from "./startEdge.js";

const world = cloudWorld({
  accounts: [human(1), human(2)],
  groups: [{ id: "g-1", name: "Designers", members: [human(1).accountId] }],
  spaces: [1, 2, 3].map((number) => space(number, { permissions: [permission("user", human(1).accountId)] })),
});

let edge: Awaited<ReturnType<typeof startEdge>>;
let stack: Awaited<ReturnType<typeof startStack>>;
/** Makes the second person a member. */
let change = "";
beforeAll(async () => {
  edge = await startEdge();
  stack = await startStack({
    world,
    behind: (url) => edge.leadTo(url),
    // So many that what is repeated here stays within a tenth of it.
    env: { CONFLUENCE_CONCURRENCY: "256", PROVISIONING: "on", AUDIT_LOG: "/dev/null" },
  });
  const { data } = await stack.query(
    `{ group(groupId: "g-1") { id } account(accountId: "${human(2).accountId}") { id } }`,
  );
  change = `mutation { grantGroupMembership(input: { group: "${data.group.id}", accounts: ["${data.account.id}"] }) {
    changes { outcome userErrors { code } } } }`;
});
afterAll(async () => {
  await stack.close();
  await edge.close();
});

/** What a caller gets of a reading: its code, and how many rows came all the same. */
type Got = readonly [code: string, rows: number | null];

const completeness = "completeness { gaps { code } }";
const one = {
  matches: /^GET \/wiki\/rest\/api\/group\/by-id/,
  document: '{ group(groupId: "g-1") { name } }',
  got: ({ data, errors }: GraphAnswer): Got => [
    String(errors?.[0]?.extensions.code ?? ""),
    data.group === null ? null : 1,
  ],
  whole: 1,
};
const list = {
  matches: /^GET \/wiki\/rest\/api\/group\?/,
  document: `{ groups { nodes { name } ${completeness} } }`,
  got: ({ data }: GraphAnswer): Got => [
    data.groups.completeness.gaps[0]?.code ?? "",
    data.groups.nodes?.length ?? null,
  ],
  whole: 1,
};
/** A list of a whole site, of which one part in three fails. */
const crawl = {
  matches: /^GET \/wiki\/api\/v2\/spaces\/1002\/permissions/,
  document: `{ grants { nodes { id } ${completeness} } }`,
  got: ({ data }: GraphAnswer): Got => [
    data.grants.completeness.gaps[0]?.code ?? "",
    data.grants.nodes?.length ?? null,
  ],
  whole: 4,
};
const write = /^POST \/wiki\/rest\/api\/group\/userByGroupId/;

function answer(status: number, headers: () => Record<string, string> = () => ({}), body = "{}"): Act {
  return (response) => void response.writeHead(status, { "content-type": "application/json", ...headers() }).end(body);
}

/** The beginning of a body, and then what `go` does. */
function broken(go: (socket: NonNullable<Parameters<Act>[0]["socket"]>) => void): Act {
  return (response) => {
    const { socket } = response;
    response.writeHead(200, { "content-length": "100" });
    response.write('{"results":[', () => socket !== null && go(socket));
  };
}

/** A body of 100 MB that is made while it is read, as far as it is. */
const endless: Act = (response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const chunk = Buffer.alloc(1024 * 1024, " ");
  let left = 100;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= 1;
      if (!response.write(chunk)) return void response.once("drain", more);
    }
    response.end();
  };
  more();
};

const again: Act = (response, _forward, request) => {
  const { pathname, search } = new URL(request.url ?? "", "http://site");
  const isPast = /[?&](start|cursor)=/.test(search);
  const next = `${pathname.replace(/^\/wiki/, "")}?${pathname.includes("/v2/") ? "cursor" : "start"}=1`;
  const row = pathname.includes("/v2/")
    ? { id: "1", principal: { type: "user", id: human(1).accountId }, operation: { key: "read", targetType: "space" } }
    : { id: isPast ? "g-1" : "g-0", name: isPast ? "Designers" : "Developers" };
  answer(200, undefined, JSON.stringify({ results: [row], _links: { next } }))(response, _forward, request);
};

/** What happens, the code that a reading gets, the calls that one, a list and a part of a crawl take, and the change's code and calls. */
const matrix: readonly [string, Act, string, readonly [number, number, number], readonly [string, number]][] = [
  [
    "429 with seconds",
    answer(429, () => ({ "retry-after": "1" })),
    "UPSTREAM_THROTTLED",
    [5, 5, 5],
    ["UPSTREAM_UNAVAILABLE", 5],
  ],
  [
    "429 with a date",
    answer(429, () => ({ "retry-after": new Date(stack.clock.now() + 2_000).toUTCString() })),
    "UPSTREAM_THROTTLED",
    [5, 5, 5],
    ["UPSTREAM_UNAVAILABLE", 5],
  ],
  [
    "429 with an absurd wait",
    answer(429, () => ({ "retry-after": "9223372036854775807" })),
    "UPSTREAM_THROTTLED",
    [5, 5, 5],
    ["UPSTREAM_UNAVAILABLE", 5],
  ],
  ["429 without a wait", answer(429), "UPSTREAM_THROTTLED", [5, 5, 5], ["UPSTREAM_UNAVAILABLE", 5]],
  ["500", answer(500), "UPSTREAM_FAILED", [5, 15, 20], ["UPSTREAM_UNAVAILABLE", 3]],
  ["502", answer(502), "UPSTREAM_FAILED", [5, 15, 20], ["UPSTREAM_UNAVAILABLE", 3]],
  ["503", answer(503), "UPSTREAM_FAILED", [5, 5, 5], ["UPSTREAM_UNAVAILABLE", 3]],
  ["504", answer(504), "UPSTREAM_FAILED", [5, 15, 20], ["ANSWER_LOST", 1]],
  [
    "a reset in the headers",
    ({ socket }) => void socket?.write("HTTP/1.1 200 OK\r\ncontent-", () => socket.resetAndDestroy()),
    "UPSTREAM_UNREACHABLE",
    [5, 5, 5],
    ["ANSWER_LOST", 1],
  ],
  [
    "a reset in the body",
    broken((socket) => void socket.resetAndDestroy()),
    "UPSTREAM_UNREACHABLE",
    [5, 5, 5],
    ["ANSWER_LOST", 1],
  ],
  ["a body cut short", broken((socket) => void socket.end()), "UPSTREAM_UNREACHABLE", [5, 5, 5], ["ANSWER_LOST", 1]],
  ["a malformed body", answer(200, undefined, '{"results":['), "UPSTREAM_CONTRACT", [1, 1, 1], ["ANSWER_LOST", 1]],
  [
    "another shape",
    answer(200, undefined, '{"results":{"0":"x"},"id":[]}'),
    "UPSTREAM_CONTRACT",
    [1, 1, 1],
    ["STATE_UNKNOWN", 1],
  ],
  [
    "a redirect elsewhere",
    answer(302, () => ({ location: "http://elsewhere.example/login?token=1" })),
    "UPSTREAM_MISCONFIGURED",
    [1, 1, 1],
    ["UPSTREAM_UNAVAILABLE", 1],
  ],
];

/** Pauses take no time; what was read before is old. */
async function ask(document: string): Promise<GraphAnswer> {
  const answered = await stack.clock.hurry(() => stack.query(document));
  expect(answered.errors?.some(({ extensions }) => extensions.code === "INTERNAL") ?? false).toBe(false);
  return answered;
}

async function read({ matches, document, got, whole }: typeof one, act: Act): Promise<[Got, number]> {
  stack.clock.shift(24 * 3_600_000);
  const hits = edge.fail(matches, act);
  const failed = got(await ask(document));
  const calls = hits();
  // Nothing of it was remembered as if it were all: asked again, it is whole.
  edge.heal();
  expect(got(await ask(document))).toEqual(["", whole]);
  return [failed, calls];
}

/** The times that calls may take are over when it is said, and not before. */
function holdLimits() {
  const { clock } = stack;
  const sleep = clock.sleep;
  const held = new Set<() => void>();
  clock.sleep = (durationMs, signal) => {
    if (durationMs <= 20_000 || durationMs > httpLimits.requestTimeoutMs) return sleep.call(clock, durationMs, signal);
    return new Promise((resolve, reject) => {
      const end = () => {
        held.delete(end);
        clock.shift(durationMs);
        resolve();
      };
      held.add(end);
      signal?.addEventListener("abort", () => {
        held.delete(end);
        reject(signal.reason);
      });
    });
  };
  return {
    /** That of the one call that hangs, once all others are answered. */
    expire: () =>
      vi.waitFor(
        async () => {
          const { data } = await stack.query("{ sites { upstreamBudget { callsInFlight callsWaiting } } }");
          expect([edge.hits(), data.sites[0].upstreamBudget]).toEqual([1, { callsInFlight: 1, callsWaiting: 0 }]);
          expect(held.size).toBe(1);
          for (const end of held) end();
        },
        { timeout: 60_000, interval: 5 },
      ),
    restore: () => {
      clock.sleep = sleep;
    },
  };
}

describe("what goes wrong at a site", () => {
  it.each(matrix)(
    "%s: is told by its code, asked again as often as it helps, and nothing is half remembered",
    async (_what, act, code, calls) => {
      expect(await read(one, act)).toEqual([[code, null], calls[0]]);
      expect(await read(list, act)).toEqual([[code, null], calls[1]]);
      // The parts that could be read are there, and what is missing is a gap.
      expect(await read(crawl, act)).toEqual([[code, 3], calls[2]]);
    },
  );

  it.each(matrix)(
    "%s: is told of a change, which is sent again only where it cannot have been carried out",
    async (_what, act, _code, _calls, [fault, sent]) => {
      const hits = edge.fail(write, act);
      const { data } = await ask(change);
      expect(data.grantGroupMembership.changes).toEqual([{ outcome: "FAILED", userErrors: [{ code: fault }] }]);
      expect(hits()).toBe(sent);
      edge.heal();
      const { data: after } = await ask('{ group(groupId: "g-1") { members { nodes { accountId } } } }');
      expect(after.group.members.nodes).toEqual([{ accountId: human(1).accountId }]);
    },
  );

  it("a body of 100 MB: is not read beyond what is taken, and is told as a failure", async () => {
    expect(await read(one, endless)).toEqual([["UPSTREAM_FAILED", null], 1]);
    const hits = edge.fail(write, endless);
    const { data } = await ask(change);
    expect(data.grantGroupMembership.changes[0].outcome).toBe("FAILED");
    expect(hits()).toBeLessThanOrEqual(3);
    edge.heal();
  });

  it("an answer that never comes: ends with the time of its call, which is sent once, and is told as a failure", async () => {
    const never: Act = () => undefined;
    const { expire, restore } = holdLimits();
    try {
      for (const [asked, rows] of [
        [one, null],
        [list, null],
        [crawl, 3],
      ] as const) {
        const reading = read(asked, never);
        await expire();
        expect(await reading).toEqual([["UPSTREAM_UNREACHABLE", rows], 1]);
      }
      const hits = edge.fail(write, never);
      const changing = ask(change);
      await expire();
      const { data } = await changing;
      expect(data.grantGroupMembership.changes).toEqual([{ outcome: "FAILED", userErrors: [{ code: "ANSWER_LOST" }] }]);
      expect(hits()).toBe(1);
      edge.heal();
    } finally {
      restore();
    }
  });

  it("a cursor that comes again: ends the list with what was read, and a gap", async () => {
    expect(await read(list, again)).toEqual([["INCOMPLETE", 2], 2]);
    expect(await read(crawl, again)).toEqual([["INCOMPLETE", 4], 2]);
  });
});
