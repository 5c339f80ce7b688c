import { describe, expect, it } from "vitest";
import { parseJson } from "../../../src/http/parseJson.js";

const large = "9007199254740993";

describe("an integer that a number cannot hold", () => {
  it.each([
    [`{"id":${large}}`, { id: large }],
    [`{"id" : \n ${large} , "key":"A"}`, { id: large, key: "A" }],
    [`[${large},-${large},1]`, [large, `-${large}`, 1]],
    [large, Number(large)],
    [`{"id":9223372036854775807}`, { id: "9223372036854775807" }],
    [
      `{"results":[{"id":${large},"n":12345678901234567890123}]}`,
      { results: [{ id: large, n: "12345678901234567890123" }] },
    ],
  ])("is kept as the text it came as: %s", (text, expected) => {
    expect(parseJson(text)).toEqual(expected);
  });

  it.each([
    ["the largest that is exact", '{"id":9007199254740991}', { id: 9_007_199_254_740_991 }],
    [
      "a fraction",
      '{"n":1234567890123456.5,"m":0.1234567890123456}',
      { n: 1_234_567_890_123_456.5, m: 0.1234567890123456 },
    ],
    ["an exponent", '{"n":12345678901234567e3}', { n: 12_345_678_901_234_567e3 }],
    [
      "a text",
      `{"id":"${large}","say":"a:${large}, \\"b\\": ${large}"}`,
      { id: large, say: `a:${large}, "b": ${large}` },
    ],
    ["a text beside one", `{"say":"[${large}","id":${large}}`, { say: `[${large}`, id: large }],
    ["a text that ends in a backslash", `{"say":"\\\\","id":${large}}`, { say: "\\", id: large }],
    ["a name", `{"${large}":1,"a":[1234567890123456789]}`, { [large]: 1, a: ["1234567890123456789"] }],
  ])("is not taken for one: %s", (_, text, expected) => {
    expect(parseJson(text)).toEqual(expected);
  });

  it.each(["{", `{"id":0${large}}`, `{"id":${large}x}`, `{${large}:1}`])(
    "makes no JSON of what is none: %s",
    (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    },
  );
});
