import type { SharedCounts } from "../../cache/shared/SharedRead.js";
import type { MetricFamily } from "../../observability/metrics/families.js";
import type { ServedSite } from "../composeSite.js";

/** What became of each look behind the memory of this process, by what the metrics call it. */
const results: readonly (readonly [result: string, count: keyof SharedCounts])[] = [
  ["hit", "hits"],
  ["waited", "waited"],
  ["refused", "refused"],
  ["missed", "misses"],
  ["stored", "stored"],
  ["too_large", "large"],
];

/** What became of what was looked for among the readings that the processes of a deployment share; nothing where they share none. */
export function secondLevelFamilies(served: readonly ServedSite[]): readonly MetricFamily[] {
  return [
    {
      name: "access_graph_second_level_total",
      help: "Ids that memory did not have, by what came of them in the engine of CACHE_URL: answered from there, awaited from another process, found there and refused, missed and asked upstream; and what was stored there, or was too large.",
      type: "counter",
      samples: () =>
        served.flatMap(({ store }) =>
          [...store.sharedCounts].flatMap(([kind, counts]) =>
            results.map(([result, count]) => ({
              labels: { site: store.site.siteId, kind, result },
              value: counts[count],
            })),
          ),
        ),
    },
  ];
}
