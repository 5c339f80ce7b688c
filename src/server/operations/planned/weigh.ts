/** Two to this power of characters weigh as much as a value. In whole numbers, for a fraction is an object of its own. */
const charactersOfValue = 6;

/** What a text weighs beside being a value. */
export function weightOfText({ length }: string): number {
  return length >> charactersOfValue;
}

/** How many values a value is made of, long texts counting as several; as soon as it is more than `limit`, it is just more. */
export function weigh(value: unknown, limit: number): number {
  if (typeof value === "string") return 1 + weightOfText(value);
  if (typeof value !== "object" || value === null || "toJSON" in value) return 1;
  let weight = 1;
  if (Array.isArray(value)) {
    for (const item of value) {
      weight += weigh(item, limit - weight);
      if (weight > limit) return weight;
    }
    return weight;
  }
  for (const key in value) {
    weight += weightOfText(key) + weigh((value as Readonly<Record<string, unknown>>)[key], limit - weight);
    if (weight > limit) return weight;
  }
  return weight;
}
