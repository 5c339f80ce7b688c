import type { Clock } from "../../domain/Clock.js";
import type { RedisEngine } from "../../fleet/RedisEngine.js";
import { mayHaveChanged } from "../../graph/change/answerRequest.js";
import type { GraphContext } from "../../graph/schema/GraphContext.js";
import type { ChangeEvents } from "../../loaders/engine/ChangeEvents.js";
import { EngineChangeStream } from "../../loaders/fleet/ChangeStream.js";
import { FleetChangeCounts, FleetChanges } from "../../loaders/fleet/FleetChanges.js";
import type { Logger } from "../../observability/Logger.js";
import type { MetricFamily } from "../../observability/metrics/families.js";
import { gauge } from "../../observability/metrics/processMetrics.js";
import type { Freshness, ServerContext } from "../../server/ServerOptions.js";

interface Parts {
  readonly changes: ChangeEvents;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Follows what other processes change, where there are any to hear of. */
export function openFleetChanges(engine: RedisEngine, parts: Parts): FleetChanges {
  return new FleetChanges({
    ...parts,
    engine,
    stream: new EngineChangeStream(engine),
    elapsedMs: () => performance.now(),
  });
}

export function freshnessOf(fleetChanges: FleetChanges): Freshness<GraphContext & ServerContext> {
  return {
    footing: (presented) => fleetChanges.footing(presented),
    settle: (presented) => fleetChanges.settle(presented),
    mayHaveChanged,
  };
}

/** What came of keeping up with other processes; told where there are none, too. */
export function changeFamilies(fleetChanges: FleetChanges | null): readonly MetricFamily[] {
  const counts = fleetChanges?.counts ?? new FleetChangeCounts();
  return [
    counter("changes_told_total", "Changes of this process that others could hear of.", () => counts.told),
    counter("changes_heard_total", "Changes of other processes that were taken in.", () => counts.heard),
    gauge(
      "access_graph_fleet_changes_untold",
      "Changes of this process that wait until others can hear of them.",
      () => fleetChanges?.backlog ?? 0,
    ),
    {
      name: "access_graph_fleet_forgotten_total",
      help: "How often everything was forgotten because changes of others may have been missed, by why.",
      type: "counter",
      samples: () => Object.entries(counts.lost).map(([reason, value]) => ({ labels: { reason }, value })),
    },
    counter(
      "bridged_total",
      "How often the stream of changes began anew, as when the engine came back empty, and nothing had to be forgotten.",
      () => counts.bridged,
    ),
    counter("requests_waited_total", "Requests that waited for changes to be taken in.", () => counts.waited),
    counter(
      "requests_fresh_total",
      "Requests that were answered past everything remembered, because nobody could tell whether it had reached their position.",
      () => counts.fresh,
    ),
  ];
}

function counter(name: string, help: string, value: () => number): MetricFamily {
  return { ...gauge(`access_graph_fleet_${name}`, help, value), type: "counter" };
}
