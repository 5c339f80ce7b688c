import { expect, it } from "vitest";
import { describeWrite, written } from "./command.js";
import { briefly, isWrite } from "./faults.js";
import { cellsOf, misses, runWrite, startWrites, type WriteCell } from "./sweepWrites.js";

/** Between them they make every call that a change is made of; `npm run sweep:writes` knows more. */
const here = [
  "cloud ROLES_TRANSITION scim",
  "cloud PRE_ROLES organization",
  "cloud PRE_ROLES",
  "datacenter 10.2.0",
  "datacenter 8.3.0",
];

/** What one deployment was swept for is not swept again on the next. */
const swept = new Set<string>();

/** Each mutation, each of its calls, each fault: where it goes wrong every time, and after a write where that is something else. */
function isNew({ writeCase, route, fault, moment }: WriteCell): boolean {
  const isBefore = moment !== "after a write" && route !== null && !isWrite({ route });
  // Where the site is does not depend on what is asked of it.
  const mutation = route === "GET /_edge/tenant_info" ? "any" : writeCase.mutation;
  const key = JSON.stringify([mutation, route, fault?.name, isBefore]);
  if (moment === "once" || !briefly.has(fault?.name ?? "") || swept.has(key)) return false;
  swept.add(key);
  return true;
}

it.each(here)(
  "%s: whatever goes wrong on whichever call of a change, what is said to be done is done, and nothing else",
  async (name) => {
    const deployment = written.find((each) => each.name === name);
    if (deployment === undefined) throw new Error(`no deployment ${name}`);
    const started = await startWrites(deployment);
    try {
      const failed: string[] = [];
      let count = 0;
      for (const writeCase of started.cases) {
        for (const isDryRun of [false, true]) {
          const plain = { writeCase, isDryRun, route: null, fault: null, moment: "always" } as const;
          const baseline = await runWrite(started, plain);
          const missed = [...baseline.untruths, ...(isDryRun ? [] : misses(baseline))];
          if (missed.length > 0) failed.push(describeWrite(name, baseline, missed));
          if (isDryRun) continue;
          for (const cell of cellsOf(writeCase, baseline.journal, isDryRun).filter(isNew)) {
            const result = await runWrite(started, cell);
            count += 1;
            if (result.untruths.length > 0) failed.push(describeWrite(name, result, result.untruths));
          }
        }
      }
      expect(failed).toEqual([]);
      expect(count).toBeGreaterThan(0);
    } finally {
      await started.close();
    }
  },
  600_000,
);
