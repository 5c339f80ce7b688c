import { parseArgs } from "node:util";
import { deployments, startDeployment } from "./deployments.js";
import type { Baseline, Cell, CellResult } from "./sweep.js";
import { cellsOf, readBaselines, readSamples, runCell } from "./sweep.js";

const usage = `Sweeps every call upstream x every fault x every query, and prints each answer that is short and says that it is complete.

  npm run sweep -- [options]

  --deployment TEXT   only deployments whose name holds TEXT ("cloud", "scim", "10.2")
  --query TEXT        only queries whose name holds TEXT ("grants(", "_entities Account")
  --route TEXT        only calls whose name holds TEXT ("membersByGroupId")
  --fault TEXT        only faults whose name holds TEXT ("404", "later page")
  --cheapest N        of all queries that make a call only the N with the fewest calls
  --list              name deployments, queries and calls, and sweep nothing
`;

const options = {
  deployment: { type: "string", default: "" },
  query: { type: "string", default: "" },
  route: { type: "string", default: "" },
  fault: { type: "string", default: "" },
  cheapest: { type: "string" },
  list: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** What `npm run sweep` does; resolves with the exit code. */
export async function sweepCommand(args: readonly string[], print: (line: string) => void): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) {
    print(usage);
    return 0;
  }
  let count = 0;
  let failed = 0;
  for (const deployment of deployments.filter(({ name }) => name.includes(values.deployment))) {
    const started = await startDeployment(deployment);
    try {
      const baselines = await readBaselines(started, await readSamples(started), ({ name }) =>
        name.includes(values.query),
      );
      const cells = cheapest(baselines, values.cheapest).filter(
        ({ route, fault }) => route.includes(values.route) && fault.name.includes(values.fault),
      );
      print(`${deployment.name}: ${baselines.length} queries, ${cells.length} cells`);
      if (values.list) {
        list(baselines, print);
        continue;
      }
      for (const cell of cells) {
        const result = await runCell(started, cell);
        count += 1;
        if (result.untruths.length === 0 && !result.isIdle) continue;
        failed += 1;
        print(describeResult(result));
      }
    } finally {
      await started.close();
    }
  }
  print(`${count} cells, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function list(baselines: readonly Baseline[], print: (line: string) => void): void {
  for (const { query, journal } of baselines) print(`  ${journal.length} calls  ${query.name}`);
  for (const route of new Set(baselines.flatMap(({ journal }) => journal.map((line) => line.route)))) {
    print(`  ${route}`);
  }
}

/** The cells of every query, those of queries with few calls first; of each call and fault the first `most`. */
export function cheapest(baselines: readonly Baseline[], most: string | undefined): readonly Cell[] {
  const counts = new Map<string, number>();
  return [...baselines]
    .sort((one, other) => one.journal.length - other.journal.length)
    .flatMap((baseline) => cellsOf(baseline))
    .filter(({ route, fault, subject }) => {
      const kind = JSON.stringify([route, fault.name, subject === null]);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      return most === undefined || (counts.get(kind) ?? 0) <= Number(most);
    });
}

/** A failing cell in a few lines. */
export function describeResult({ cell, untruths, isIdle }: CellResult): string {
  const { route, fault, subject, baseline } = cell;
  const head = `  ${fault.name} on ${subject === null ? "" : "one "}${route} | ${baseline.query.name}`;
  if (isIdle) return `${head}\n    the fault never acted`;
  const lines = untruths
    .slice(0, 3)
    .map(
      ({ place, what, was, is, isSilent }) =>
        `    ${isSilent ? "silent" : "told elsewhere"}: ${place} ${what}: ${was} -> ${is}`,
    );
  return [head, ...lines, ...(untruths.length > 3 ? [`    and ${untruths.length - 3} more`] : [])].join("\n");
}
