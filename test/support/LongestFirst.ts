import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The files that take longest, the longest first. The runner takes large files for long ones until it has run them once, and these
 * are small: they would come last, and of them the last would run by itself.
 */
const longest = [
  "sweep/writes/writes",
  "sweep/sweep",
  "kills/kills",
  "fleet/large/processes",
  "sites/leaveOut",
  "datacenter/largeCluster",
  "e2e/commands",
  "e2e/record",
  "model/model",
  "federation/prefixed",
  "e2e/endings",
  "e2e/graphiql",
  "e2e/export",
  "e2e/federationPage",
  "e2e/examples",
  "provisioning/lastAdministrator",
  "federation/supergraph",
  "kills/twoProcesses",
  "provisioning/dataCenterMatrix",
  "e2e/readiness",
  "record/record",
  "repeats/repeats",
  "graph/changes",
  "fuzz/fuzz",
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return at === -1 ? longest.length : at;
    };
    return sorted.sort((left, right) => rank(left) - rank(right));
  }
}
