import { describe, expect, it } from "vitest";
import { defaultCredential } from "../../sandbox/src/oauth/credentials.js";
import { idsOf } from "../provisioning/ids.js";
import { readMetrics, sumOf } from "../support/readMetrics.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const world = cloudWorld({
  accounts: [{ ...human(1), email: defaultCredential.email }, human(2), human(3)],
  groups: [{ id: "g-team", name: "team", members: [human(1).accountId, human(2).accountId] }],
  spaces: [
    space(1, {
      permissions: [permission("user", human(1).accountId), permission("user", human(1).accountId, "administer/space")],
    }),
  ],
});
const names = "{ groups { nodes { name members { nodes { displayName } } } } }";
const grant =
  "mutation ($input: GrantGroupMembershipInput!) { grantGroupMembership(input: $input) { changes { outcome } } }";

describe("the metrics of a server at work", () => {
  it("tell what became of calls, reads, changes and the index, by site, and hold no id, no address and no secret", async () => {
    await using stack = await startProvisioning(world);
    const { siteId } = stack;
    await stack.fail({ match: "GET /wiki/rest/api/group", times: 1, status: 502 });
    for (let time = 0; time < 4; time += 1) await stack.query(names);
    await stack.fail({ match: "GET /wiki/api/v2/spaces", times: "always", status: 403 });
    await stack.query("{ spaces { nodes { key } } }");
    const { group, account } = idsOf(siteId);
    const input = { requestId: "asked-twice", group: group("g-team"), accounts: [account(3), account(9)] };
    for (let time = 0; time < 2; time += 1) await stack.query(grant, { input });
    await stack.query(grant, { input: { ...input, requestId: "asked-once", group: "nonsense" } });
    const response = await fetch(`${stack.server.url}/metrics`);
    const text = await response.text();
    const read = readMetrics(text);
    const of = (name: string, labels: Record<string, string> = {}) =>
      sumOf(read, `access_graph_${name}`, { site: siteId, ...labels });

    const route = "GET /wiki/rest/api/group";
    expect(of("upstream_calls_total", { route, status: "502" })).toBe(1);
    expect(of("upstream_calls_total", { route, status: "200" })).toBeGreaterThan(0);
    expect(of("upstream_calls_total")).toBe(of("upstream_call_seconds_count"));
    expect(of("upstream_repetitions_total", { route })).toBe(1);
    expect(of("upstream_failures_total", { kind: "AccessRefused" })).toBe(1);
    expect(of("upstream_throttles_total")).toBe(0);
    expect(of("upstream_received_bytes_total")).toBeGreaterThan(100);
    expect([of("upstream_in_flight"), of("upstream_queue"), of("upstream_paused_seconds")]).toEqual([0, 0, 0]);
    expect(of("upstream_allowed")).toBe(of("upstream_concurrency"));
    expect(of("site_ready")).toBe(1);

    expect(of("cache_reads_total", { kind: "account", result: "missed" })).toBe(4);
    expect(of("cache_reads_total", { kind: "account", result: "fresh" })).toBeGreaterThan(0);
    expect(of("batch_size_sum", { kind: "account" })).toBe(4);
    expect(sumOf(read, "access_graph_cache_bytes")).toBeGreaterThan(0);
    expect(sumOf(read, "access_graph_answers_given_total")).toBe(1);
    expect(sumOf(read, "access_graph_documents_entries")).toBe(3);
    expect(sumOf(read, "access_graph_documents_bytes")).toBeGreaterThan(1_000);
    expect(sumOf(read, "access_graph_record_bytes")).toBeGreaterThan(1_000);
    expect([of("index_state", { state: "empty" }), of("index_state", { state: "ready" })]).toEqual([1, 0]);

    const change = (labels: Record<string, string>) =>
      sumOf(read, "access_graph_changes_total", { mutation: "grantGroupMembership", ...labels });
    expect(change({ outcome: "CREATED", code: "" })).toBe(1);
    expect(change({ outcome: "REPEATED" })).toBe(1);
    expect(change({ outcome: "FAILED", code: "ACCOUNT_NOT_FOUND" })).toBe(1);
    expect(change({ outcome: "FAILED", code: "INVALID_INPUT" })).toBe(2);
    expect(sumOf(read, "process_resident_memory_bytes")).toBeGreaterThan(1_000_000);

    for (const told of [
      human(1).accountId,
      human(3).accountId,
      "no-such-account",
      "team",
      "r-1",
      defaultCredential.apiToken,
      "@",
    ]) {
      expect(text).not.toContain(told);
    }
  });

  it("tell of throttling while a site asks to wait", async () => {
    await using stack = await startProvisioning(world);
    await stack.fail({ match: route429, times: 1, status: 429, headers: { "Retry-After": "1800" } });
    await stack.query(names);
    const read = readMetrics(await (await fetch(`${stack.server.url}/metrics`)).text());
    expect(sumOf(read, "access_graph_upstream_throttles_total", { site: stack.siteId })).toBe(1);
    expect(sumOf(read, "access_graph_upstream_paused_seconds", { site: stack.siteId })).toBeGreaterThan(1_700);
    expect(sumOf(read, "access_graph_upstream_failures_total", { kind: "Throttled" })).toBeGreaterThan(0);
    expect(sumOf(read, "access_graph_request_errors_total", { code: "UPSTREAM_THROTTLED", caller: "anyone" })).toBe(1);
  });
});

const route429 = "GET /wiki/rest/api/group";
