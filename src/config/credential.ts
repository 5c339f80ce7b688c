import { z } from "zod";

/** A credential: no blanks, no control characters, nothing that an HTTP header cannot carry. */
export function credential(minLength: number) {
  const lengthNote = minLength > 1 ? ` of at least ${minLength} characters` : "";
  return z.string().refine((text) => text.length >= minLength && /^[\x21-\x7e]+$/.test(text), {
    error: `must be a single word${lengthNote}, without blanks, in plain ASCII`,
  });
}
