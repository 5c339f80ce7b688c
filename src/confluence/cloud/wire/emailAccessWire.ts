import { z } from "zod";

/** `POST /wiki/api/v2/user/access/check-access-by-email`. */
export const emailAccessWire = z.object({
  emailsWithoutAccess: z.array(z.string()).nullish(),
  invalidEmails: z.array(z.string()).nullish(),
});
