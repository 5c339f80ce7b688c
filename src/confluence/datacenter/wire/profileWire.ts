import { z } from "zod";

/**
 * `GET /rest/mobile/1.0/profile/{username}`, which is documented nowhere. What names nobody is no profile, and says nothing of an
 * address.
 */
export const profileWire = z.object({ userName: z.string(), email: z.string().nullish() });
