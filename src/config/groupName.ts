import { z } from "zod";

/** The name of a group, which is its id on Data Center. */
export const groupName = z.string().refine((text) => /^[^\p{Cc}]{1,255}$/u.test(text) && text.trim() === text, {
  error: "must be the name of a group: at most 255 characters on one line, with no blanks around it",
});
