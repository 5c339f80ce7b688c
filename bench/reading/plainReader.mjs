import { setTimeout as pause } from "node:timers/promises";
import { Pool } from "undici";

/**
 * Reads everything of a site by its own calls: page after page on one lane, or several lists at once. Nothing is made of the
 * rows but a count: what any reader takes at least.
 */
export async function readPlainly(site, { lanes }) {
  const pool = new Pool(site.url, { connections: lanes, pipelining: 1 });
  const headers = { authorization: site.authorization, accept: "application/json" };
  let calls = 0;
  let throttled = 0;
  const call = async (path, body) => {
    for (;;) {
      calls += 1;
      const response = await pool.request({
        path,
        method: body === undefined ? "GET" : "POST",
        headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const text = await response.body.text();
      if (response.statusCode === 200) return JSON.parse(text);
      if (response.statusCode !== 429)
        throw new Error(`${path} answered ${response.statusCode}: ${text.slice(0, 300)}`);
      throttled += 1;
      await pause(Number(response.headers["retry-after"]) * 1_000);
    }
  };
  const linked = async (path) => {
    const rows = [];
    for (let next = path; next !== undefined; ) {
      const page = await call(next);
      for (const row of page.results) rows.push(row);
      next = page._links?.next;
      if (next !== undefined && !next.startsWith("/wiki")) next = `/wiki${next}`;
    }
    return rows;
  };
  const counted = async (path) => {
    const rows = [];
    for (;;) {
      const { results } = await call(`${path}&start=${rows.length}`);
      if (results.length === 0) return rows;
      for (const row of results) rows.push(row);
    }
  };

  const began = performance.now();
  const ids = new Set();
  let memberships = 0;
  let grants = 0;
  const first = [
    () => linked("/wiki/rest/api/group?limit=200"),
    () => linked("/wiki/api/v2/spaces?limit=250"),
    () => counted(`/wiki/rest/api/search/user?cql=${encodeURIComponent("type=user")}&limit=200`),
  ];
  const [groups, spaces, found] = await onLanes(lanes, first);
  for (const { user } of found) ids.add(user.accountId);
  await onLanes(lanes, [
    ...groups.map((group) => async () => {
      const members = await linked(`/wiki/rest/api/group/${group.id}/membersByGroupId?limit=200`);
      memberships += members.length;
      for (const { accountId } of members) ids.add(accountId);
    }),
    ...spaces.map((space) => async () => {
      const rows = await linked(`/wiki/api/v2/spaces/${space.id}/permissions?limit=250`);
      grants += rows.length;
      for (const { principal } of rows) if (principal.type === "user") ids.add(principal.id);
    }),
  ]);
  const all = [...ids];
  const batches = Array.from({ length: Math.ceil(all.length / 250) }, (_, at) => all.slice(at * 250, at * 250 + 250));
  await onLanes(
    lanes,
    batches.map((accountIds) => () => call("/wiki/api/v2/users-bulk", { accountIds })),
  );
  const ms = performance.now() - began;
  await pool.close();
  return { ms, calls, throttled, memberships, grants, accounts: all.length };
}

/** All tasks, so many at once; their answers in the order of the tasks. */
async function onLanes(lanes, tasks) {
  const answers = [];
  const queue = tasks.entries();
  const lane = async () => {
    for (const [at, task] of queue) answers[at] = await task();
  };
  await Promise.all(Array.from({ length: Math.min(lanes, tasks.length) }, lane));
  return answers;
}
