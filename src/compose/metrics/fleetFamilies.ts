import { FleetCounts } from "../../fleet/FleetCounts.js";
import { type Sharing, sharesNothing } from "../../fleet/FleetEngine.js";
import type { RedisEngine } from "../../fleet/RedisEngine.js";
import type { MetricFamily } from "../../observability/metrics/families.js";
import { gauge } from "../../observability/metrics/processMetrics.js";

const states: readonly Sharing["state"][] = ["NOT_CONFIGURED", "SHARED", "ALONE"];

/** What is shared with other processes, and how the engine for it does. They are told where nothing is configured, too, so that nobody misses them. */
export function fleetFamilies(engine: RedisEngine | null): readonly MetricFamily[] {
  const counts = engine?.counts ?? new FleetCounts();
  const sharing = () => engine?.sharing ?? sharesNothing;
  return [
    {
      name: "access_graph_fleet_state",
      help: "1 for how this process stands to the others of its deployment, 0 for the other ways.",
      type: "gauge",
      samples: () =>
        states.map((state) => ({
          labels: { state: state.toLowerCase() },
          value: state === sharing().state ? 1 : 0,
        })),
    },
    gauge(
      "access_graph_fleet_processes",
      "Processes that share, this one among them; the last known number while it is alone.",
      () => sharing().processes,
    ),
    {
      name: "access_graph_fleet_commands_total",
      help: "Commands that the engine answered, by command or function.",
      type: "counter",
      samples: () => counts.commands.samples(),
    },
    {
      name: "access_graph_fleet_command_seconds",
      help: "How long a command took, but for those that are to wait for something.",
      type: "histogram",
      samples: () => counts.seconds.samples(),
    },
    {
      name: "access_graph_fleet_failures_total",
      help: "How often the engine went away or was looked for in vain, by why.",
      type: "counter",
      samples: () => counts.failures.samples(),
    },
    {
      ...gauge(
        "access_graph_fleet_unopened_total",
        "Values in the engine that could not be decrypted, and were left out.",
        () => counts.unopened,
      ),
      type: "counter",
    },
  ];
}
