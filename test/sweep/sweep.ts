import { parse } from "graphql";
import { z } from "zod";
import { buildGraphSchema } from "../../src/graph/schema/buildGraphSchema.js";
import { collectQueries, type PreparedQuery } from "./collectQueries.js";
import { compareAnswers, type Untruth } from "./compareAnswers.js";
import type { StartedDeployment } from "./deployments.js";
import { isExcused } from "./exceptions.js";
import type { JournalLine } from "./FaultyEdge.js";
import { type SweepFault, sweepFaults } from "./faults.js";
import type { Samples } from "./generateQueries.js";
import { askAnew, type SweptAnswer } from "./openGraph.js";

/** A query as it is answered without faults, and the calls that this takes. */
export interface Baseline {
  readonly query: PreparedQuery;
  readonly answer: SweptAnswer;
  readonly journal: readonly JournalLine[];
}

/** One fault on one call of one query. `subject` is null for every call of the route, else the one that goes wrong alone. */
export interface Cell {
  readonly baseline: Baseline;
  readonly route: string;
  readonly fault: SweepFault;
  readonly subject: string | null;
}

export interface CellResult {
  readonly cell: Cell;
  readonly untruths: readonly Untruth[];
  /** Whether the fault never acted, so that the cell proves nothing. */
  readonly isIdle: boolean;
}

const sampleQuery = parse(`{
  sites { id siteId spaceRoles { nodes { id roleId } } }
  accounts { nodes { id siteId accountId username email } }
  groups { nodes { id siteId groupId name } }
  spaces { nodes { id siteId spaceId key name } }
  grants { nodes { id siteId } }
}`);

const keys = z.record(z.string(), z.string().nullable());
const listed = z.object({ nodes: z.array(keys) });
const site = z.object({
  id: z.string(),
  siteId: z.string(),
  spaceRoles: z.object({ nodes: z.array(keys).nullable() }),
});
const sampled = z.object({
  sites: z.tuple([site], site),
  accounts: listed,
  groups: listed,
  spaces: listed,
  grants: listed,
});

/** What a site holds, read through the product itself. */
export async function readSamples(started: StartedDeployment): Promise<Samples> {
  started.edge.begin(null);
  const { data } = await askAnew(started.site, sampleQuery, {});
  const { sites, accounts, groups, spaces, grants } = sampled.parse(data);
  return {
    siteId: sites[0].siteId,
    email: accounts.nodes.find(({ email }) => email !== null)?.email ?? "admin@example.com",
    entities: {
      Site: sites.map(({ id, siteId }) => ({ id, siteId })),
      SpaceRole: sites[0].spaceRoles.nodes ?? [],
      Account: accounts.nodes,
      Group: groups.nodes,
      Space: spaces.nodes,
      Grant: spread(grants.nodes),
    },
  };
}

/** Some of them, from all over the list. */
function spread<T>(items: readonly T[]): T[] {
  const step = Math.max(1, Math.floor(items.length / 6));
  return items.filter((_item, at) => at % step === 0);
}

/** What each query answers without faults, of those that are wanted. */
export async function readBaselines(
  started: StartedDeployment,
  samples: Samples,
  isWanted: (query: PreparedQuery) => boolean = () => true,
): Promise<readonly Baseline[]> {
  const baselines: Baseline[] = [];
  for (const query of collectQueries(buildGraphSchema().schema, samples).filter(isWanted)) {
    started.edge.begin(null);
    const answer = await askAnew(started.site, query.document, query.variables);
    baselines.push({ query, answer, journal: started.edge.journal() });
  }
  return baselines;
}

/** Every fault that fits, on every call that a query makes: on all calls of the route, and on one of several alone. */
export function cellsOf(baseline: Baseline, faults: readonly SweepFault[] = sweepFaults): readonly Cell[] {
  const routes = [...new Set(baseline.journal.map(({ route }) => route))];
  return routes.flatMap((route) => {
    const lines = baseline.journal.filter((line) => line.route === route);
    return faults.flatMap((fault) => {
      const fitting = [...new Set(lines.filter(fault.fits).map(({ subject }) => subject))];
      if (fitting.length === 0) return [];
      const one = fitting[fitting.length >> 1] ?? null;
      const subjects = new Set(lines.map(({ subject }) => subject)).size > 1 ? [null, one] : [null];
      return subjects.map((subject) => ({ baseline, route, fault, subject }));
    });
  });
}

export async function runCell({ edge, site }: StartedDeployment, cell: Cell): Promise<CellResult> {
  const { baseline, route, fault, subject } = cell;
  edge.begin((call, reply) =>
    call.route === route && (subject === null || call.subject === subject) ? fault.change(call, reply) : null,
  );
  const answer = await askAnew(site, baseline.query.document, baseline.query.variables);
  const untruths = compareAnswers(baseline.answer, answer).filter((untruth) => !isExcused(cell, untruth));
  const internal = answer.errors.filter(
    ({ extensions, cause }) => /^(TypeError|RangeError|Error):/.test(cause) && extensions?.code === undefined,
  );
  return {
    cell,
    untruths: [
      ...untruths,
      ...internal.map(({ path = [], cause }) => ({
        place: path.join("."),
        what: "changed" as const,
        was: "",
        is: cause,
        isSilent: false,
      })),
    ],
    isIdle: !edge.journal().some(({ isFaulted }) => isFaulted),
  };
}
