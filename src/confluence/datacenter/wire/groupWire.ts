import { z } from "zod";

/** A group: its name is all there is, and is its id. */
export const groupWire = z.object({ name: z.string().min(1) });
export type GroupWire = z.infer<typeof groupWire>;
