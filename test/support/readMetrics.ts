/** A family as a scraper reads it. */
export interface ReadFamily {
  readonly type: string;
  readonly help: string;
  readonly samples: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
}

const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/gy;

/**
 * Reads Prometheus' text format (0.0.4) as strictly as its specification allows: a family in one piece, its type before its samples,
 * no series twice, histograms that grow and end with all. Throws where something is wrong.
 */
export function readMetrics(text: string): ReadonlyMap<string, ReadFamily> {
  if (!text.endsWith("\n")) throw new Error("The last line does not end.");
  const families = new Map<string, ReadFamily>();
  const seen = new Set<string>();
  let current: { name: string; help: string; family: ReadFamily | null } | null = null;
  for (const line of text.slice(0, -1).split("\n")) {
    const [, comment, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (comment === "HELP") {
      if (families.has(name)) throw new Error(`${name} is told twice.`);
      current = { name, help: rest, family: null };
    } else if (comment === "TYPE") {
      if (current?.name !== name || !/^(counter|gauge|histogram)$/.test(rest))
        throw new Error(`A type astray: ${line}`);
      current.family = { type: rest, help: current.help, samples: [] };
      families.set(name, current.family);
    } else {
      const [, sample = "", labels = "", value = ""] = sampleLine.exec(line) ?? [];
      const family = current?.family;
      if (!family || !belongs(sample, current?.name ?? "", family.type)) throw new Error(`A sample astray: ${line}`);
      const series = line.slice(0, line.lastIndexOf(" "));
      if (seen.has(series)) throw new Error(`A series twice: ${line}`);
      seen.add(series);
      family.samples.push({ name: sample, labels: readLabels(labels), value: readValue(value) });
    }
  }
  for (const [name, { type, samples }] of families) if (type === "histogram") checkHistogram(name, samples);
  return families;
}

function belongs(sample: string, name: string, type: string): boolean {
  if (type !== "histogram") return sample === name;
  return ["_bucket", "_sum", "_count"].some((part) => sample === name + part);
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let read = 0;
  for (const [all, name = "", value = ""] of text.matchAll(label)) {
    if (name in labels) throw new Error(`A label twice: ${text}`);
    labels[name] = value.replace(/\\(.)/g, (_, letter) => (letter === "n" ? "\n" : letter));
    read += all.length;
  }
  if (read !== text.length) throw new Error(`Labels that cannot be read: ${text}`);
  return labels;
}

function readValue(text: string): number {
  if (/^[+-]Inf$/.test(text)) return text.startsWith("+") ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const value = Number(text);
  if (Number.isNaN(value)) throw new Error(`No number: ${text}`);
  return value;
}

function checkHistogram(name: string, samples: ReadFamily["samples"]): void {
  const last = new Map<string, { le: number; value: number }>();
  for (const sample of samples) {
    const { le, ...labels } = sample.labels;
    const key = JSON.stringify(labels);
    const before = last.get(key) ?? { le: Number.NEGATIVE_INFINITY, value: 0 };
    if (sample.name === `${name}_bucket`) {
      const bound = readValue(le ?? "");
      if (bound <= before.le || sample.value < before.value) throw new Error(`${name} does not grow at ${le}.`);
      last.set(key, { le: bound, value: sample.value });
    } else if (
      sample.name === `${name}_count` &&
      (before.le !== Number.POSITIVE_INFINITY || before.value !== sample.value)
    ) {
      throw new Error(`${name} does not end with all of its values.`);
    }
  }
}

/** The sum of a family's samples that have these labels; `undefined` where there is none. */
export function sumOf(
  families: ReadonlyMap<string, ReadFamily>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const family = families.get(name.replace(/_(bucket|sum|count)$/, "")) ?? families.get(name);
  const found = (families.get(name) ?? family)?.samples.filter(
    (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  );
  if (found === undefined || found.length === 0) return undefined;
  return found.reduce((sum, { value }) => sum + value, 0);
}
