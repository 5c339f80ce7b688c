import { z } from "zod";

/** The name that a person signs in with to Data Center, as Basic authentication can carry it: a colon would end it. */
export const username = z.string().refine((text) => /^[^:\p{Cc}]{1,255}$/u.test(text) && text.trim() === text, {
  error: "must be a user name: at most 255 characters on one line, without colons and with no blanks around it",
});
