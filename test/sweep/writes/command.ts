import { parseArgs } from "node:util";
import { type Deployment, deployments } from "../deployments.js";
import { cellsOf, misses, runWrite, startWrites, type WriteResult } from "./sweepWrites.js";

const usage = `Sweeps every change x every call it makes x every fault, and prints each answer that the sandbox's world belies.

  npm run sweep:writes -- [options]

  --deployment TEXT   only deployments whose name holds TEXT ("PRE_ROLES scim", "10.2")
  --case TEXT         only changes whose name holds TEXT ("revokeGroupMembership suspended")
  --route TEXT        only calls whose name holds TEXT ("userByGroupId")
  --fault TEXT        only faults whose name holds TEXT ("lost after", "later page")
  --dry               dry runs too
  --list              name deployments, changes and calls, and sweep nothing
  --verbose           print what each failing cell was answered and called
`;

const options = {
  deployment: { type: "string", default: "" },
  case: { type: "string", default: "" },
  route: { type: "string", default: "" },
  fault: { type: "string", default: "" },
  dry: { type: "boolean", default: false },
  list: { type: "boolean", default: false },
  verbose: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** Cloud in three modes with and without an organization and its directory, and the oldest and newest Data Center. */
export const written: readonly Deployment[] = deployments.filter(
  ({ name, credential }) => credential !== "oauth" && (name.startsWith("cloud") || /8\.3|10\.2/.test(name)),
);

/** What `npm run sweep:writes` does; resolves with the exit code. */
export async function sweepWritesCommand(args: readonly string[], print: (line: string) => void): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) {
    print(usage);
    return 0;
  }
  let count = 0;
  let failed = 0;
  const report = (deployment: Deployment, result: WriteResult, untruths: readonly string[]) => {
    count += 1;
    if (untruths.length === 0) return;
    failed += 1;
    print(describeWrite(deployment.name, result, untruths));
    if (values.verbose)
      for (const line of result.journal) print(`      ${line.upstreamStatus}>${line.status} ${line.subject}`);
  };
  for (const deployment of written.filter(({ name }) => name.includes(values.deployment))) {
    const started = await startWrites(deployment);
    try {
      for (const writeCase of started.cases.filter(({ name }) => name.includes(values.case))) {
        for (const isDryRun of values.dry ? [false, true] : [false]) {
          const plain = { writeCase, isDryRun, route: null, fault: null, moment: "always" } as const;
          const baseline = await runWrite(started, plain);
          report(deployment, baseline, [...baseline.untruths, ...(isDryRun ? [] : misses(baseline))]);
          const cells = cellsOf(writeCase, baseline.journal, isDryRun).filter(
            ({ route, fault }) => route?.includes(values.route) && fault?.name.includes(values.fault),
          );
          if (values.list) print(`  ${deployment.name}: ${writeCase.name}, ${cells.length} cells`);
          if (values.list) continue;
          for (const cell of cells) {
            const result = await runWrite(started, cell);
            report(deployment, result, result.untruths);
          }
        }
      }
    } finally {
      await started.close();
    }
  }
  print(`${count} cells, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** A failing cell in a few lines. */
export function describeWrite(deployment: string, { cell }: WriteResult, untruths: readonly string[]): string {
  const { writeCase, isDryRun, route, fault, moment } = cell;
  const what = fault === null ? "without a fault" : `${fault.name} (${moment}) on ${route}`;
  const lines = [...untruths.slice(0, 4), ...(untruths.length > 4 ? [`and ${untruths.length - 4} more`] : [])];
  const head = `${deployment} | ${writeCase.name}${isDryRun ? ", dry run" : ""} | ${what}`;
  return [head, ...lines.map((line) => `    ${line}`)].join("\n");
}
