/** One number of a family, with the labels that tell it from the others. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** What of a histogram it is. */
  readonly part?: "bucket" | "sum" | "count";
}

/** Numbers of one name, as they are told when they are asked for. */
export interface MetricFamily {
  readonly name: string;
  /** What it counts, for people: one sentence. */
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  samples(): Iterable<Sample>;
}

/** What stands in the place of labels that are more than are kept. */
const other = "other";
/** Series of one counter. What comes after that many is counted together: a set of labels is never without a bound. */
const maxSeries = 2_000;

/** Counts that only grow, by labels. */
export class Counter<Label extends string> {
  readonly #labels: readonly Label[];
  readonly #series = new Map<string, { readonly values: readonly string[]; count: number }>();
  readonly #maxSeries: number;

  constructor(labels: readonly Label[], most = maxSeries) {
    this.#labels = labels;
    this.#maxSeries = most;
  }

  /** The values stand in the order of the labels. */
  add(values: readonly string[], amount = 1): void {
    this.of(values).count += amount;
  }

  /** What is counted under these values, for whoever counts under the same again and again. */
  of(values: readonly string[]): { count: number } {
    const key = values.length === 1 ? (values[0] ?? "") : values.join("\n");
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const isRoom = this.#series.size < this.#maxSeries || values.every((value) => value === other);
    if (!isRoom) return this.of(values.map(() => other));
    const made = { values, count: 0 };
    this.#series.set(key, made);
    return made;
  }

  *samples(shared: Readonly<Record<string, string>> = {}): Generator<Sample> {
    for (const { values, count } of this.#series.values()) {
      const own = this.#labels.map((label, at) => [label, values[at] ?? ""] as const);
      yield { labels: { ...shared, ...Object.fromEntries(own) }, value: count };
    }
  }
}

/** How values are spread: how many are at most so large, for a few bounds, their sum, and how many there were. */
export class Distribution {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  /** @param bounds growing; what is beyond the last counts as well. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = bounds.map(() => 0);
  }

  observe(value: number): void {
    this.#sum += value;
    this.#count += 1;
    for (let at = 0; at < this.#bounds.length; at += 1) {
      if (value <= (this.#bounds[at] ?? 0)) {
        this.#counts[at] = (this.#counts[at] ?? 0) + 1;
        return;
      }
    }
  }

  get count(): number {
    return this.#count;
  }

  *samples(labels: Readonly<Record<string, string>> = {}): Generator<Sample> {
    let below = 0;
    for (const [at, bound] of this.#bounds.entries()) {
      below += this.#counts[at] ?? 0;
      yield { labels: { ...labels, le: String(bound) }, value: below, part: "bucket" };
    }
    yield { labels: { ...labels, le: "+Inf" }, value: this.#count, part: "bucket" };
    yield { labels, value: this.#sum, part: "sum" };
    yield { labels, value: this.#count, part: "count" };
  }
}

/** Bounds of durations, in seconds: from what is answered from memory to what is given up. */
export const durationBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** What a scraper is told that this is. */
export const metricsMediaType = "text/plain; version=0.0.4; charset=utf-8";

/** The families in Prometheus' text format, version 0.0.4. */
export function renderMetrics(families: readonly MetricFamily[]): string {
  const lines: string[] = [];
  for (const family of families) {
    const { name, help, type } = family;
    lines.push(`# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`, `# TYPE ${name} ${type}`);
    for (const { labels, value, part } of family.samples()) {
      lines.push(`${name}${part === undefined ? "" : `_${part}`}${renderLabels(labels)} ${renderValue(value)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function renderLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => {
    const text = value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
    return `${name}="${text}"`;
  });
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function renderValue(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}
