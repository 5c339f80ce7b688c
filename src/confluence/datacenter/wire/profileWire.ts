import { z } from "zod";

/** `GET /rest/mobile/1.0/profile/{username}`, which is documented nowhere. */
export const profileWire = z.object({ email: z.string().nullish() });
