import type { AccessIndex } from "../../../src/access/index/AccessIndex.js";
import type { SiteConfig } from "../../../src/config/sites/SiteConfig.js";
import { operationName } from "../../../src/domain/Operation.js";
import { askedAccounts, questions, type SiteWorld } from "../../access/index/indexWorlds.js";
import { decideNaively } from "../../access/naiveSite.js";
import { type StartedDeployment, startDeployment } from "../deployments.js";
import type { EdgeCall, JournalLine } from "../FaultyEdge.js";
import { type SweepFault, sweepFaults } from "../faults.js";
import { serveSwept } from "../openGraph.js";
import { makeSandboxedSite } from "./sandboxWorlds.js";

/** Rows on a page: fewer than nearly every list has. */
const rows = 2;
const longestWaitMs = 60_000;

type Decisions = ReadonlyMap<string, string>;

/** One page of a crawl that fails, always and in one way. */
interface MissingPage {
  readonly line: JournalLine;
  readonly fault: SweepFault;
}

/** A site that was crawled without faults, and whatever can be missing of that. */
export interface CrawledSite {
  readonly seed: number;
  readonly name: string;
  /** Where the index of the whole site decides otherwise than the world itself, read naively. */
  readonly untrue: readonly string[];
  readonly pages: readonly MissingPage[];
  /** Crawls again without one page; answers what was then decided the other way round, and how much became unknown. */
  crawlWithout(missing: MissingPage): Promise<{ readonly flips: string[]; readonly unknown: number; isIdle: boolean }>;
  close(): Promise<void>;
}

export async function crawlSite(seed: number): Promise<CrawledSite> {
  const { site, deployment } = makeSandboxedSite(seed);
  const started = await startDeployment(deployment, { rows });
  started.edge.begin(null);
  const whole = await crawl(started.site, (index) => decisionsOf(index, site));
  return {
    seed,
    name: `seed ${seed}, ${deployment.name}`,
    untrue: untruthsOf(site, whole),
    pages: pagesOf(started.edge.journal()),
    crawlWithout: (missing) => crawlWithout(started, site, whole, missing),
    close: started.close,
  };
}

async function crawl<T>(config: SiteConfig, look: (index: AccessIndex) => T): Promise<T> {
  const { index, readiness, store } = serveSwept(config);
  try {
    return look(await index.whenReady(longestWaitMs));
  } finally {
    readiness.stop();
    index.close();
    await store.site.close();
  }
}

async function crawlWithout(
  { edge, site: config }: StartedDeployment,
  site: SiteWorld,
  whole: Decisions,
  { line, fault }: MissingPage,
) {
  const failing = pageKey(line);
  edge.begin((call, reply) => (pageKey(call) === failing ? fault.change(call, reply) : null));
  const gapped = await crawl(config, (index) => decisionsOf(index, site));
  const flips: string[] = [];
  let unknown = 0;
  for (const [question, decision] of gapped) {
    const was = whole.get(question);
    if (decision === was) continue;
    if (decision === "UNKNOWN") unknown += 1;
    // Nor is anything known by reading less.
    else flips.push(`${question}: ${was} became ${decision}`);
  }
  return { flips, unknown, isIdle: !edge.journal().some(({ isFaulted }) => isFaulted) };
}

export function describePage({ line, fault }: MissingPage): string {
  return `${fault.name} of ${line.route}, ${line.subject}${line.page === "" ? "" : `, page from ${line.page}`}`;
}

/** The same for the same page in every crawl: in which order accounts are come by differs, and they are asked for in it. */
function pageKey({ subject, page }: EdgeCall): string {
  const ordered = subject.replace(/\[([^\]]*)\]/g, (_, ids: string) => ids.split(",").sort().join());
  return `${ordered} ${page}`;
}

/** Every page that was asked for, with every way in which it can fail. */
function pagesOf(journal: readonly JournalLine[]): MissingPage[] {
  const pages = new Map(journal.map((line) => [pageKey(line), line]));
  return [...pages.values()].flatMap((line) =>
    sweepFaults.filter(({ fits }) => fits(line)).map((fault) => ({ line, fault })),
  );
}

function decisionsOf(index: AccessIndex, site: SiteWorld): Decisions {
  const decisions = new Map<string, string>();
  for (const accountId of askedAccounts(site))
    for (const { spaceId } of site.spaces)
      for (const operation of questions)
        decisions.set(
          `${accountId} ${operationName(operation)} ${spaceId}`,
          index.check(accountId, spaceId, operation),
        );
  return decisions;
}

function untruthsOf(site: SiteWorld, decisions: Decisions): string[] {
  return site.accounts.flatMap((account) =>
    site.spaces.flatMap((space) =>
      questions.flatMap((operation) => {
        const question = `${account.accountId} ${operationName(operation)} ${space.spaceId}`;
        const [found, expected] = [decisions.get(question), decideNaively({ site, account, space, operation })];
        return found === expected ? [] : [`${question}: ${found}, not ${expected}`];
      }),
    ),
  );
}
