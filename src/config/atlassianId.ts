import { z } from "zod";

/** A cloud, organization or directory id. They stand in the paths of calls: letters, digits, `-` and `_` only. */
export const atlassianId = z.string().refine((text) => /^[A-Za-z0-9_-]{1,64}$/.test(text), {
  error: "must be an id of letters, digits and dashes",
});
