import { z } from "zod";

/** One of a few words, in any case. */
export function oneOf<const Word extends string>(words: readonly [Word, ...Word[]]) {
  return z.preprocess(
    (text) => (typeof text === "string" ? text.toLowerCase() : text),
    z.enum(words, { error: `must be one of ${words.join(", ")}` }),
  );
}
