import type { Steps } from "../../access/index/store/slices.js";

/** Of a list that is longer, each line holds so many items: some hundred kilobytes at most. */
const itemsALine = 1_024;
const newline = "\n".charCodeAt(0);

type Path = readonly string[];

/**
 * A part as text, in steps: one JSON text a line. The first is the part without its long lists; each further one is where a list
 * stands, and some of its items. So a part of a hundred thousand rows is neither written nor read in one go.
 */
export function* writingPart(part: unknown): Steps<Buffer> {
  const long: { readonly path: Path; readonly items: readonly unknown[] }[] = [];
  const head = JSON.stringify(withoutLong(part, [], (path, items) => long.push({ path, items })));
  const lines = [Buffer.from(head, "utf8")];
  for (const { path, items } of long)
    for (let at = 0; at < items.length; at += itemsALine) {
      yield;
      lines.push(Buffer.from(`\n${JSON.stringify([path, items.slice(at, at + itemsALine)])}`, "utf8"));
    }
  yield;
  return Buffer.concat(lines);
}

/** The part again, in steps. Throws where the text is of no part. */
export function* readingPart(text: Buffer): Steps<unknown> {
  const lineFrom = (from: number): [line: string, next: number] => {
    const end = text.indexOf(newline, from);
    return end < 0 ? [text.toString("utf8", from), text.length] : [text.toString("utf8", from, end), end + 1];
  };
  let [line, next] = lineFrom(0);
  const part: unknown = JSON.parse(line);
  while (next < text.length) {
    yield;
    [line, next] = lineFrom(next);
    const [path, items] = JSON.parse(line) as [Path, readonly unknown[]];
    const list = path.reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), part);
    if (!Array.isArray(list)) throw new TypeError("a list of a part is not where it is said to be");
    for (const item of items) list.push(item);
  }
  return part;
}

/** The same but for lists that are long and stand in no other list: those are told, and are empty in it. */
function withoutLong(value: unknown, path: Path, tell: (path: Path, items: readonly unknown[]) => void): unknown {
  if (Array.isArray(value)) {
    if (value.length <= itemsALine) return value;
    tell(path, value);
    return [];
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, withoutLong(each, [...path, name], tell)]),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
