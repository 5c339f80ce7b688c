import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { defaultCredential } from "../../sandbox/src/oauth/credentials.js";
import { idsOf } from "../provisioning/ids.js";
import { type ReadFamily, readMetrics } from "../support/readMetrics.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, space } from "../support/worlds.js";

const world = cloudWorld({
  accounts: [{ ...human(1), email: defaultCredential.email }, human(2)],
  groups: [{ id: "g-team", name: "team", members: [human(1).accountId] }],
  spaces: [space(1)],
});

interface Dashboard {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[] }[];
}
interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { readonly expr: string; readonly annotations: { readonly summary: string } }[];
  }[];
}

/** What an expression asks for: metrics, and the labels that it selects and groups by. */
function askedIn(expression: string) {
  const metrics = [...expression.matchAll(/\b((?:access_graph|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, name = "", matchers = ""]) => ({
      name,
      labels: [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = ""]) => label),
    }),
  );
  const grouped = [...expression.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].flatMap(([, list = ""]) => list.split(/,\s*/));
  return { metrics, grouped };
}

/** What of an expression no scrape tells. */
function missingIn(expression: string, shown: readonly string[], families: ReadonlyMap<string, ReadFamily>): string[] {
  const samples = [...families.values()].flatMap((family) => family.samples);
  const { metrics, grouped } = askedIn(expression);
  if (metrics.length === 0) return [`no metric in ${expression}`];
  return metrics.flatMap(({ name, labels }) => {
    const found = samples.filter((sample) => sample.name === name);
    const lacking = [...labels, ...grouped, ...shown].filter(
      (label) => !found.some((sample) => label in sample.labels),
    );
    return found.length === 0 ? [name] : lacking.map((label) => `${name} has no label ${label}`);
  });
}

describe("the dashboard and the alert rules", () => {
  it("ask for metrics and labels that a server at work tells, and for no others", async () => {
    await using stack = await startProvisioning(world);
    await stack.fail({ match: "GET /wiki/rest/api/group", times: 1, status: 502 });
    await stack.query("{ groups { nodes { name members { nodes { displayName } } } } }");
    await stack.query("{ site { findings(wait: 10) { totalCount } } }");
    await stack.fail({ match: "GET /wiki/api/v2/spaces", times: "always", status: 403 });
    await stack.query("{ spaces { nodes { key } } }", {}, { "cache-control": "no-cache" });
    const { group, account } = idsOf(stack.siteId);
    await stack.query(
      "mutation ($input: GrantGroupMembershipInput!) { grantGroupMembership(input: $input) { changes { outcome } } }",
      { input: { group: group("g-team"), accounts: [account(2)] } },
    );
    const families = readMetrics(await (await fetch(`${stack.server.url}/metrics`)).text());

    const dashboard = JSON.parse(await readFile("operations/grafana-dashboard.json", "utf8")) as Dashboard;
    const targets = dashboard.panels.flatMap((panel) => panel.targets);
    const rules = (parse(await readFile("operations/prometheus-rules.yaml", "utf8")) as Rules).groups.flatMap(
      (each) => each.rules,
    );
    expect([targets.length > 20, rules.length > 10]).toEqual([true, true]);
    const missing = [
      ...targets.map(({ expr, legendFormat }) => ({
        expr,
        shown: [...legendFormat.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, label = ""]) => label),
      })),
      ...rules.map(({ expr, annotations }) => ({
        expr,
        shown: [...annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label = ""]) => label),
      })),
    ].flatMap(({ expr, shown }) => missingIn(expr, shown, families));
    expect(missing).toEqual([]);
    // The question can be answered with no.
    expect(
      missingIn('sum by (nobody) (access_graph_site_ready{whose="a"}) + access_graph_nothing', [], families),
    ).toEqual([
      "access_graph_site_ready has no label whose",
      "access_graph_site_ready has no label nobody",
      "access_graph_nothing",
    ]);
  });
});
