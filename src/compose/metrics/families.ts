import type { MemoryShare } from "../../cache/MemoryShare.js";
import type { TtlCache } from "../../cache/TtlCache.js";
import type { IndexState } from "../../crawl/KeptIndex.js";
import type { Clock } from "../../domain/Clock.js";
import type { MetricFamily, Sample } from "../../observability/metrics/families.js";
import { gauge } from "../../observability/metrics/processMetrics.js";
import type { ChangeRecord } from "../../record/ChangeRecord.js";
import type { AnswerStore } from "../../server/answers/AnswerStore.js";
import type { ServedSite } from "../composeSite.js";
import type { Organizations } from "../Organizations.js";

interface Memory {
  readonly cache: TtlCache;
  readonly answers: AnswerStore;
  readonly memory: MemoryShare;
  readonly record: ChangeRecord;
}

/** What is held in memory, and the answers that were given from there. */
export function memoryFamilies({ cache, answers, memory, record }: Memory): readonly MetricFamily[] {
  return [
    gauge(
      "access_graph_memory_limit_bytes",
      "What the cache, the access indexes and the lists of whole sites may hold together.",
      () => memory.maxBytes,
    ),
    family("access_graph_memory_bytes", "gauge", "What each of them holds, estimated.", () => [
      { labels: { part: "cache" }, value: cache.held().bytes },
      ...[...memory.held()].map(({ name, bytes }) => ({ labels: { part: name }, value: bytes })),
    ]),
    gauge("access_graph_cache_bytes", "Memory that the cache holds, estimated.", () => cache.held().bytes),
    gauge("access_graph_cache_entries", "Entries of the cache.", () => cache.held().entries),
    gauge("access_graph_record_bytes", "Memory of a record that is kept in memory.", () => record.heldBytes),
    gauge("access_graph_answers_bytes", "Memory of answers that are given again.", () => answers.counters().bytes),
    gauge("access_graph_answers_entries", "Answers that are remembered.", () => answers.counters().entries),
    {
      ...gauge(
        "access_graph_answers_given_total",
        "Answers that were given again as the bytes that went out.",
        () => answers.counters().given,
      ),
      type: "counter",
    },
    {
      ...gauge(
        "access_graph_answers_ended_total",
        "Remembered answers that were asked for and held no more.",
        () => answers.counters().ended,
      ),
      type: "counter",
    },
  ];
}

interface Sites {
  readonly served: readonly ServedSite[];
  readonly organizations: Organizations;
  readonly clock: Clock;
}

/** The label of calls to organizations, which several sites may share. */
const organization = "organization";
const indexStates: readonly IndexState[] = ["EMPTY", "CRAWLING", "READY", "REFRESHING"];

/** What became of each site, as it stands now: its calls and limits, what is read of it through the cache, and its access index. */
export function siteFamilies(sites: Sites): readonly MetricFamily[] {
  return [
    ...readinessFamilies(sites),
    ...callFamilies(sites),
    ...limitFamilies(sites),
    ...readFamilies(sites),
    ...indexFamilies(sites),
  ];
}

function family(name: string, type: MetricFamily["type"], help: string, samples: () => Iterable<Sample>): MetricFamily {
  return { name, help, type, samples };
}

function readinessFamilies({ served }: Sites): readonly MetricFamily[] {
  return [
    family(
      "access_graph_site_ready",
      "gauge",
      "1 where the credential of the site was accepted, 0 where it was not.",
      () =>
        served.map(({ store, readiness }) => ({
          labels: { site: store.site.siteId },
          value: readiness.reason === null ? 1 : 0,
        })),
    ),
  ];
}

function callFamilies({ served, organizations }: Sites): readonly MetricFamily[] {
  const tallies = [
    ...served.map(({ store, tally }) => ({ labels: { site: store.site.siteId as string }, tally })),
    { labels: { site: organization }, tally: organizations.tally },
  ];
  type Told = (typeof tallies)[number];
  const of = (name: string, type: MetricFamily["type"], help: string, tell: (told: Told) => Iterable<Sample>) =>
    family(`access_graph_upstream_${name}`, type, help, () => tallies.flatMap((told) => [...tell(told)]));
  return [
    of(
      "calls_total",
      "counter",
      "Attempts that were sent, by route and by status; none where no answer came.",
      ({ labels, tally }) => tally.attempts.samples(labels),
    ),
    of("route_seconds_total", "counter", "Time on the wire, by route.", ({ labels, tally }) =>
      tally.routeSeconds.samples(labels),
    ),
    of("call_seconds", "histogram", "Time on the wire of one attempt.", ({ labels, tally }) =>
      tally.attemptSeconds.samples(labels),
    ),
    of("wait_seconds", "histogram", "How long a call waited for its turn.", ({ labels, tally }) =>
      tally.waitSeconds.samples(labels),
    ),
    of("repetitions_total", "counter", "Attempts that were repeated.", ({ labels, tally }) =>
      tally.repetitions.samples(labels),
    ),
    of("failures_total", "counter", "Calls that failed in the end, by the kind of the failure.", ({ labels, tally }) =>
      tally.failures.samples(labels),
    ),
    of("throttles_total", "counter", "Attempts that were refused for how much was asked.", ({ labels, tally }) => [
      { labels, value: tally.throttles },
    ]),
    of("received_bytes_total", "counter", "Bytes of answers.", ({ labels, tally }) => [{ labels, value: tally.bytes }]),
  ];
}

function limitFamilies({ served, clock }: Sites): readonly MetricFamily[] {
  type State = ReturnType<ServedSite["store"]["site"]["upstreamState"]>;
  const of = (name: string, help: string, read: (state: State) => number | null) =>
    family(`access_graph_upstream_${name}`, "gauge", help, () =>
      served.flatMap(({ store: { site } }) => {
        const value = read(site.upstreamState());
        return value === null ? [] : [{ labels: { site: site.siteId }, value }];
      }),
    );
  return [
    of("in_flight", "Calls under way.", ({ inFlight }) => inFlight),
    of(
      "allowed",
      "Calls that may be under way at once now: of all processes while they share.",
      ({ allowed }) => allowed,
    ),
    of("concurrency", "Calls that may be under way at once when nothing is wrong.", ({ concurrency }) => concurrency),
    of("queue", "Calls that wait for their turn.", ({ waiting }) => waiting),
    of(
      "shared_in_flight",
      "Calls of all processes under way, as this one last heard.",
      ({ sharing }) => sharing?.inFlight ?? null,
    ),
    of("shared_queue", "Calls of all processes that wait for their turn.", ({ sharing }) => sharing?.waiting ?? null),
    of("paused_seconds", "How long no call is let through yet, because the site asked for it.", ({ pausedUntilMs }) =>
      pausedUntilMs === null ? 0 : Math.max(0, pausedUntilMs - clock.now()) / 1_000,
    ),
    of("quota_limit", "What the site says may be asked in its window.", ({ rateLimit }) => rateLimit?.limit ?? null),
    of("quota_remaining", "What the site says may still be asked.", ({ rateLimit }) => rateLimit?.remaining ?? null),
  ];
}

function readFamilies({ served }: Sites): readonly MetricFamily[] {
  const tell = function* (
    read: (
      counts: ReturnType<ServedSite["store"]["counts"]>[number]["counts"],
      labels: Record<string, string>,
    ) => Iterable<Sample>,
  ): Generator<Sample> {
    for (const { store } of served) {
      for (const { kind, counts } of store.counts()) yield* read(counts, { site: store.site.siteId, kind });
    }
  };
  return [
    family(
      "access_graph_cache_reads_total",
      "counter",
      "Looks for an id by what came of them: fresh, stale or, because the site fails, overdue from memory, joined to a read under way, or missed and asked upstream.",
      () =>
        tell(({ hits, stale, overdue, joined, misses }, labels) => [
          { labels: { ...labels, result: "fresh" }, value: hits - stale },
          { labels: { ...labels, result: "stale" }, value: stale },
          { labels: { ...labels, result: "overdue" }, value: overdue },
          { labels: { ...labels, result: "joined" }, value: joined },
          { labels: { ...labels, result: "missed" }, value: misses },
        ]),
    ),
    family("access_graph_batch_size", "histogram", "Ids that upstream was asked for in one go.", () =>
      tell(({ batches }, labels) => batches.samples(labels)),
    ),
  ];
}

function indexFamilies({ served, clock }: Sites): readonly MetricFamily[] {
  const told = served.map(({ store, index }) => ({ site: store.site.siteId, status: index.status }));
  const of = (name: string, help: string, read: (status: ServedSite["index"]["status"]) => number | null) =>
    family(`access_graph_index_${name}`, "gauge", help, () =>
      told.flatMap(({ site, status }) => {
        const value = read(status);
        return value === null ? [] : [{ labels: { site }, value }];
      }),
    );
  return [
    family("access_graph_index_state", "gauge", "1 for the state that the access index is in, 0 for the others.", () =>
      told.flatMap(({ site, status }) =>
        indexStates.map((each) => ({
          labels: { site, state: each.toLowerCase() },
          value: each === status.state ? 1 : 0,
        })),
      ),
    ),
    of("age_seconds", "How old the oldest part of the access index is.", ({ asOfMs }) =>
      asOfMs === null ? null : Math.max(0, clock.now() - asOfMs) / 1_000,
    ),
    of("wanted_age_seconds", "How old a part of it should become at most.", ({ wantedTtlMs }) => wantedTtlMs / 1_000),
    of("parts_done", "Parts read in the pass under way.", ({ progress }) => progress.done),
    of("parts_total", "Parts of the pass under way, once it is known.", ({ progress }) => progress.total),
    of(
      "read_here",
      "1 where this process reads it from the site, 0 where another process of the deployment does.",
      ({ isReadHere }) => (isReadHere ? 1 : 0),
    ),
    of("bytes", "Memory that the access index holds.", ({ bytes }) => bytes),
    of("gaps", "Parts that could not be read, the first fifty at most.", ({ gaps }) => gaps.length),
  ];
}
