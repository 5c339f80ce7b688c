import type { RedisEngine } from "../../fleet/RedisEngine.js";
import type { MetricFamily } from "../../observability/metrics/families.js";
import { gauge } from "../../observability/metrics/processMetrics.js";

/** What is shared with other processes, and how the engine for it does. */
export function fleetFamilies(engine: RedisEngine): readonly MetricFamily[] {
  const { counts } = engine;
  return [
    gauge("access_graph_fleet_up", "1 while what processes share is there, 0 while this one goes on alone.", () =>
      engine.isThere ? 1 : 0,
    ),
    gauge(
      "access_graph_fleet_processes",
      "Processes that share, this one among them; the last known number while alone.",
      () => engine.processes,
    ),
    {
      name: "access_graph_fleet_commands_total",
      help: "Commands that were answered, by command or function.",
      type: "counter",
      samples: () => counts.commands.samples(),
    },
    {
      name: "access_graph_fleet_command_seconds",
      help: "How long a command took that nobody lets wait.",
      type: "histogram",
      samples: () => counts.seconds.samples(),
    },
    {
      name: "access_graph_fleet_failures_total",
      help: "How often it went away or was not found, by why.",
      type: "counter",
      samples: () => counts.failures.samples(),
    },
    {
      ...gauge(
        "access_graph_fleet_unopened_total",
        "Values that could not be decrypted, and were left out.",
        () => counts.unopened,
      ),
      type: "counter",
    },
  ];
}
