import type { SiteIndexOptions } from "../../../src/crawl/SiteIndex.js";
import { SiteIndex } from "../../../src/crawl/SiteIndex.js";
import { TouchedParts } from "../../../src/crawl/shared/TouchedParts.js";
import type { ChangeEvent } from "../../../src/domain/Change.js";
import { ChangeEvents } from "../../../src/loaders/engine/ChangeEvents.js";
import { SiteChanges } from "../../../src/loaders/fleet/SiteChanges.js";
import { createLogger } from "../../../src/observability/Logger.js";
import { serveConfiguredSite } from "../../support/serveConfiguredSite.js";
import { openCrawl } from "../openCrawl.js";
import { MemoryShelves } from "./MemoryShelves.js";

type CrawlOptions = Parameters<typeof openCrawl>[0];

/** Several processes over one sandbox, each with everything of its own but the shelf; time and news move when a test says so. */
export async function openFleet(options: CrawlOptions) {
  const crawl = await openCrawl(options);
  const { clock } = crawl;
  const shelves = new MemoryShelves(clock);
  const processes: FleetProcess[] = [];
  let n = 0;

  const join = (name: string, { isDeaf = false } = {}): FleetProcess => {
    const changes = new ChangeEvents();
    const served = serveConfiguredSite({ env: crawl.env, clock, changes });
    const { store } = served;
    const shelf = shelves.join(name);
    const positions = new SiteChanges(store.site);
    positions.begin({ epoch: "e", n });
    let isForeign = false;
    function catchUp(): void {
      for (const [number, event] of process.missed.splice(0)) {
        positions.hear(number, event);
        isForeign = true;
        changes.tell(store, event, event.isSeen);
        isForeign = false;
      }
      positions.advance({ epoch: "e", n });
    }
    const lines: Record<string, unknown>[] = [];
    const index = new SiteIndex({
      ...crawl.indexParts,
      config: { isWarm: false, ttlMs, quotaShare: 0.25 },
      store,
      background: store.site,
      sharing: {
        ...{ shelf, clock, touched: new TouchedParts(positions) },
        times: { toEngineMs: (ownMs) => ownMs, toOwnMs: (engineMs) => engineMs },
      },
      logger: createLogger({ level: "info", destination: { write: (line) => lines.push(JSON.parse(line)) } }),
    } satisfies SiteIndexOptions);
    const process: FleetProcess = { name, index, store, shelf, lines, isDeaf, positions, missed: [], catchUp };
    changes.subscribe((event) => {
      if (isForeign) return;
      n += 1;
      for (const each of processes) {
        if (each === process) {
          each.positions.tell(n, event);
          each.positions.number(n, n);
        } else each.missed.push([n, event]);
        if (!each.isDeaf) each.catchUp();
      }
    });
    processes.push(process);
    return process;
  };

  /** Lets everything run that waits for no time: calls under way, however long the machine takes for them. */
  const settled = async (): Promise<void> => {
    for (let idle = 0; idle < 20; idle += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (processes.some(({ store }) => store.site.upstreamState().inFlight > 0)) idle = 0;
    }
  };

  return {
    crawl,
    clock,
    shelves,
    join,
    /** The index once a process has it; turns go on meanwhile. */
    ready: async ({ index }: FleetProcess) => {
      let isReady = false;
      const waiting = index.whenReady(600_000).finally(() => {
        isReady = true;
      });
      await settled();
      for (let turn = 0; !isReady && turn < 400; turn += 1) {
        await clock.advance(turnMs);
        await settled();
      }
      return waiting;
    },
    /** Time in which every process looks what is new, as often as it takes. */
    pass: async (durationMs: number) => {
      for (let leftMs = durationMs; leftMs > 0; leftMs -= turnMs) {
        await clock.advance(Math.min(leftMs, turnMs));
        await settled();
      }
    },
    [Symbol.asyncDispose]: async () => {
      for (const { index, store } of processes) {
        await index.close();
        await store.site.close();
      }
      await crawl[Symbol.asyncDispose]();
    },
  };
}

export interface FleetProcess {
  readonly name: string;
  readonly index: SiteIndex;
  readonly store: ReturnType<typeof serveConfiguredSite>["store"];
  readonly shelf: ReturnType<MemoryShelves["join"]>;
  readonly positions: SiteChanges;
  readonly lines: readonly Record<string, unknown>[];
  /** Hears nothing of the others' changes. */
  isDeaf: boolean;
  readonly missed: [n: number, event: ChangeEvent][];
  /** Takes in the others' changes. */
  catchUp(): void;
}

export const turnMs = 250;
/** An index that lives for eighty turns. */
export const ttlMs = 20_000;
