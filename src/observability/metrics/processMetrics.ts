import { Distribution, type MetricFamily } from "./families.js";

/** How often the event loop is asked how late it is. */
const lookMs = 20;
const delayBounds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface LoopWatchOptions {
  /** Milliseconds that never go back. */
  readonly nowMs?: () => number;
  readonly every?: (work: () => void, everyMs: number) => { stop(): void };
}

/** Watches how late the event loop comes to what is due: whoever asks meanwhile waits that long. */
export class LoopWatch {
  readonly delays = new Distribution(delayBounds);
  readonly #timer: { stop(): void };

  constructor({ nowMs = () => performance.now(), every = everyInterval }: LoopWatchOptions = {}) {
    let dueMs = nowMs() + lookMs;
    this.#timer = every(() => {
      const now = nowMs();
      this.delays.observe(Math.max(0, now - dueMs) / 1_000);
      dueMs = now + lookMs;
    }, lookMs);
  }

  stop(): void {
    this.#timer.stop();
  }
}

function everyInterval(work: () => void, everyMs: number): { stop(): void } {
  const timer = setInterval(work, everyMs).unref();
  return { stop: () => clearInterval(timer) };
}

interface ProcessFacts {
  readonly version: string;
  readonly loop: LoopWatch;
}

/** What tells of the process: by the names that others give to the same, so that their dashboards show it too. */
export function processMetrics({ version, loop }: ProcessFacts): readonly MetricFamily[] {
  const memory = (name: string, help: string, part: keyof NodeJS.MemoryUsage): MetricFamily =>
    gauge(name, help, () => process.memoryUsage()[part]);
  return [
    {
      name: "access_graph_info",
      help: "Which version runs; its value is always 1.",
      type: "gauge",
      samples: () => [{ labels: { version, node: process.version }, value: 1 }],
    },
    {
      name: "access_graph_event_loop_delay_seconds",
      help: "How late the event loop came to a timer, looked at every 20 ms.",
      type: "histogram",
      samples: () => loop.delays.samples(),
    },
    {
      ...gauge("process_cpu_seconds_total", "Processor time that was used.", () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1_000_000;
      }),
      type: "counter",
    },
    gauge("process_start_time_seconds", "When the process started, in seconds since the epoch.", () =>
      Math.round(performance.timeOrigin / 1_000),
    ),
    memory("process_resident_memory_bytes", "Memory that the process holds.", "rss"),
    memory("nodejs_heap_size_used_bytes", "Heap of the JavaScript engine that is in use.", "heapUsed"),
    memory("nodejs_heap_size_total_bytes", "Heap of the JavaScript engine that is reserved.", "heapTotal"),
    memory("nodejs_external_memory_bytes", "Memory outside of the heap, such as buffers.", "external"),
  ];
}

/** One number without labels. */
export function gauge(name: string, help: string, read: () => number): MetricFamily {
  return { name, help, type: "gauge", samples: () => [{ labels: {}, value: read() }] };
}
