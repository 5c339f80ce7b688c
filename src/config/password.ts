import { z } from "zod";

/** A password: any characters, blanks included, but control characters, which Basic authentication does not carry (RFC 7617). */
export const password = z.string().refine((text) => text.trim() !== "" && !/\p{Cc}/u.test(text), {
  error: "must be one line, without control characters",
});
