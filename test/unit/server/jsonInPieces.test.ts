import Fastify from "fastify";
import { describe, expect, it } from "vitest";
import { jsonInPieces, TooDeep } from "../../../src/server/connection/JsonInPieces.js";

const framework = Fastify().getDefaultJsonParser("error", "error");

/** What the framework makes of a text; `null` where it refuses it. */
function whole(text: string): { readonly value: unknown } | null {
  let parsed: { readonly value: unknown } | null = null;
  // It knows nothing of its request.
  framework({} as never, text, (error, value) => {
    parsed = error ? null : { value };
  });
  return parsed;
}

function inPieces(text: string, most: number): { readonly value: unknown; readonly steps: number } | null {
  const parsing = jsonInPieces(Buffer.from(text), most);
  try {
    for (let steps = 1; ; steps += 1) {
      const { done, value } = parsing.next();
      if (done) return { value, steps };
    }
  } catch {
    return null;
  }
}

/** Numbers that look like chance, and are the same each time. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const names = [
  "a",
  "b",
  "7",
  "long name",
  "æ\u2603\ud83c\udf88",
  "constructor",
  "prototype",
  "__proto__",
  "",
  'x"y\\',
  "{[,:",
];

function valueBy(next: (below: number) => number, depth: number): string {
  const kind = next(depth > 5 ? 4 : 8);
  const blank = ["", "", " ", "\n\t"][next(4)] ?? "";
  if (kind === 0) return `${blank}${["1", "-2.5e3", "true", "null", "false", "0"][next(6)]}`;
  if (kind < 4) return `${JSON.stringify(names[next(names.length)])}${blank}`;
  const items = Array.from({ length: next(7) }, () => {
    const value = valueBy(next, depth + 1);
    // Rarely one that is refused.
    const name = names[next(next(12) === 0 ? names.length : 5)] ?? "";
    return kind < 6 ? value : `${JSON.stringify(name)}${blank}:${value}`;
  });
  return kind < 6 ? `[${items.join(`${blank},`)}${blank}]` : `{${blank}${items.join(",")}}`;
}

describe("JSON that is parsed in pieces", () => {
  it("says what it says as a whole, or nothing where that is nothing: 6,000 texts, whole and damaged", () => {
    const next = chance(7);
    let refused = 0;
    for (let round = 0; round < 3_000; round += 1) {
      const text = `[${valueBy(next, 0)},${valueBy(next, 0)}]`;
      const at = next(text.length);
      const put = ["", ",", "]", "}", "[", "{", '"', "\\", ":", " ", "1", "\ufeff"][next(12)] ?? "";
      // Half of a letter is another one in UTF-8.
      const damaged = Buffer.from(`${text.slice(0, at)}${put}${text.slice(at + next(2))}`).toString();
      for (const each of [text, damaged]) {
        const expected = whole(each);
        if (expected === null) refused += 1;
        for (const most of [1, 9, 60]) {
          const found = inPieces(each, most);
          const shown = found === null ? null : JSON.stringify(found.value);
          expect([each, shown]).toEqual([each, expected === null ? null : JSON.stringify(expected.value)]);
        }
      }
    }
    expect(refused).toBeGreaterThan(1_000);
    expect(refused).toBeLessThan(4_500);
  });

  it.each([
    ["with a mark in front", '\ufeff{"a":[1,2,3]}'],
    ["that is no list", "12"],
    ["that is nothing", " "],
    ["with a name twice", '{"a":[1,2,3,4,5,6,7,8],"b":1,"a":{"c":"a longer text"},"a":3}'],
    ["with names that are numbers", '{"10":[1,2,3,4,5,6],"2":{"b":[]},"1":0}'],
    ["with something behind it", '{"a":[1,2,3,4,5,6,7]} {}'],
    ["with a comma behind a long list", '{"a":[1,2,3,4,5,6,7,8],}'],
    ["with a comma before a long list", "[,[1,2,3,4,5,6,7,8,9]]"],
    ["with two long lists and no comma", "[[1,2,3,4,5,6,7,8,9][1,2,3,4,5,6,7,8,9]]"],
    ["with a long list that has two names", '{"a":"b":[1,2,3,4,5,6,7,8,9]}'],
    ["with a long list that has none", '{"a":1,[1,2,3,4,5,6,7,8,9]}'],
    ["with a long object that reaches behind another", '{"constructor":{"a":[1,2,3,4,5,6,7],"prototype":[1,2,3,4]}}'],
    ["with a long object that is called like that", '{"constructor":{"a":[1,2,3,4,5,6,7],"b":[1,2,3,4]}}'],
    ["with a bracket of the other kind", '{"a":[1,2,3,4,5,6,7}]'],
    ["cut short in a text", '{"a":["1,2,3,4,5,6,7'],
  ])("is taken as it is as a whole: %s", (_case, text) => {
    for (const most of [1, 5, 20, 1_000])
      expect(JSON.stringify(inPieces(text, most)?.value)).toBe(JSON.stringify(whole(text)?.value));
  });

  it.each([
    ["brackets side by side", `{"x":[${"[],".repeat(50_000)}0]}`, 10],
    ["objects side by side", `{"x":[${'{"a":1},'.repeat(20_000)}0]}`, 10],
    ["names", `{${Array.from({ length: 12_000 }, (_, at) => `"k${at}":1`).join()}}`, 8],
  ])("has others' turns between its pieces: %s", (_case, text, least) => {
    const found = inPieces(text, 16_384);
    expect(found?.steps).toBeGreaterThanOrEqual(least * 0.6);
    expect(found?.value).toEqual(JSON.parse(text));
  });

  it("is refused where it is nested too deep", () => {
    const nested = (levels: number) => Buffer.from(`${"[".repeat(levels)}${"]".repeat(levels)}`);
    expect([...jsonInPieces(nested(1_000), 9)].length).toBeGreaterThan(900);
    expect(() => [...jsonInPieces(nested(1_001))]).toThrow(TooDeep);
  });
});
