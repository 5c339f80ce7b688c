/** Texts that break what joins, splits, escapes or measures them. None is empty. */
export const nastyTexts: readonly string[] = [
  "327684",
  "712020:6b1c4d3e-0000-4000-8000-000000000000",
  "~7120206b1c",
  " ",
  "a b",
  "a:b",
  "a,b",
  "a\u0000b",
  "\u0000",
  '"',
  "\\",
  '","',
  "[]",
  '["Account","acme","1"]',
  "null",
  "__proto__",
  "constructor",
  "../../etc",
  "%2F",
  "a/b?c=d&e#f",
  "<script>",
  "line\nbreak\r\n\ttab",
  "ünïcödé",
  "日本語",
  "😀👩‍👩‍👧",
  "\u202ereversed",
  "\ud800 a lone surrogate",
  "é is two code points",
  "x".repeat(400),
];

/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A text of 1 to 24 code units of every sort, some of them nasty texts. */
export function randomText(random: () => number): string {
  const nasty = nastyTexts[Math.floor(random() * nastyTexts.length)] ?? "x";
  if (random() < 0.3) return nasty;
  const widest = random() < 0.5 ? 0x7f : 0xffff;
  return Array.from({ length: 1 + Math.floor(random() * 24) }, () =>
    String.fromCharCode(Math.floor(random() * (widest + 1))),
  ).join("");
}
