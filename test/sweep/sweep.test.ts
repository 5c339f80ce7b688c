import { expect, it } from "vitest";
import { cheapest, describeResult } from "./command.js";
import { deployments, startDeployment } from "./deployments.js";
import { readBaselines, readSamples, runCell } from "./sweep.js";

/** Between them they make every call that the product reads with; `npm run sweep` knows more. */
const here = ["cloud ROLES_TRANSITION scim", "cloud oauth", "datacenter 10.2.0", "datacenter 8.3.0"];

/**
 * Filters, references and examples make the same calls as plain lists and look-ups, and more of them; what is answered out of
 * the access index makes all that there are.
 */
const isPlain = ({ name }: { readonly name: string }) =>
  !/^example|^_entities|filter|effectiveAccess|findings/.test(name);

/** What one deployment was swept for is not swept again on the next. */
const swept = new Set<string>();

it.each(here)(
  "%s: whatever goes wrong on whichever call, no answer is short and calls itself complete",
  async (name) => {
    const deployment = deployments.find((each) => each.name === name);
    if (deployment === undefined) throw new Error(`no deployment ${name}`);
    const started = await startDeployment(deployment);
    try {
      const baselines = await readBaselines(started, await readSamples(started), isPlain);
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
