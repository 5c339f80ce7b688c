import { expect, it } from "vitest";
import type { PreparedQuery } from "./collectQueries.js";
import { cheapest, describeResult } from "./command.js";
import { deployments, startDeployment } from "./deployments.js";
import { readBaselines, readSamples, runCell } from "./sweep.js";

/**
 * Between them they make every call that the product reads with; `npm run sweep` knows more. Where a deployment has a call or two
 * of its own, only queries that make them are read: the other calls are swept before.
 */
const here: readonly (readonly [string, RegExp])[] = [
  ["cloud ROLES_TRANSITION scim", /^/],
  ["cloud oauth", /^(sites|account\(.*\)|group\(.*\))$/],
  ["datacenter 10.2.0", /^/],
  ["datacenter 8.3.0", /^(grant|space)/],
];

/**
 * Filters, references and examples make the same calls as plain lists and look-ups, and more of them, as do lists below their
 * site; what is answered out of the access index makes all that there are.
 */
const isPlain = ({ name }: PreparedQuery) =>
  !/^example|^_entities|filter|effectiveAccess|findings|^(sites|site\(.*\))\.(accounts|groups|spaces|grants)$/.test(
    name,
  );

/** What one deployment was swept for is not swept again on the next. */
const swept = new Set<string>();

it.each(here)(
  "%s: whatever goes wrong on whichever call, no answer is short and calls itself complete",
  async (name, asks) => {
    const deployment = deployments.find((each) => each.name === name);
    if (deployment === undefined) throw new Error(`no deployment ${name}`);
    const started = await startDeployment(deployment);
    try {
      const isWanted = (query: PreparedQuery) => isPlain(query) && asks.test(query.name);
      const baselines = await readBaselines(started, await readSamples(started), isWanted);
      const cells = cheapest(baselines, "1").filter(({ route }) => !swept.has(route));
      const failed: string[] = [];
      for (const cell of cells) {
        const result = await runCell(started, cell);
        if (result.untruths.length > 0 || result.isIdle) failed.push(describeResult(result));
        swept.add(cell.route);
      }
      expect(failed).toEqual([]);
      expect(cells.length).toBeGreaterThan(0);
    } finally {
      await started.close();
    }
  },
  240_000,
);
