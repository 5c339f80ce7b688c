import { z } from "zod";

/** `GET /rest/api/server-information`. */
export const serverInformationWire = z.object({ version: z.string().min(1) });
