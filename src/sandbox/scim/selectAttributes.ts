import { Refusal } from "../http/Refusal.js";

type Resource = Readonly<Record<string, unknown>>;

/** Applies `attributes` or `excludedAttributes`, names or dotted paths. `id` and `schemas` are always there. */
export function selectAttributes(query: URLSearchParams, resource: Resource): Resource {
  const wanted = readNames(query, "attributes");
  const unwanted = readNames(query, "excludedAttributes");
  if (wanted !== null && unwanted !== null) {
    throw new Refusal(400, "attributes and excludedAttributes exclude each other.", "invalidValue");
  }
  if (wanted === null && unwanted === null) return resource;
  const selected = Object.entries(resource).flatMap(([key, value]): [string, unknown][] => {
    if (key === "id" || key === "schemas") return [[key, value]];
    const inner = (wanted ?? unwanted ?? []).filter((name) => name.startsWith(`${key}.`));
    const isNamed = (wanted ?? unwanted ?? []).includes(key);
    const isInner = (name: string): boolean => inner.includes(`${key}.${name}`);
    if (wanted !== null) {
      if (isNamed) return [[key, value]];
      return inner.length === 0 ? [] : [[key, pick(value, isInner)]];
    }
    return isNamed ? [] : [[key, inner.length === 0 ? value : pick(value, (name) => !isInner(name))]];
  });
  return Object.fromEntries(selected);
}

function readNames(query: URLSearchParams, parameter: string): readonly string[] | null {
  const text = query.get(parameter);
  return text === null ? null : text.split(",").map((name) => name.trim());
}

function pick(value: unknown, isWanted: (name: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => pick(each, isWanted));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => isWanted(name)));
}
