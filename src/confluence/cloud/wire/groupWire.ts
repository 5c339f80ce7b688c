import { z } from "zod";

export const groupWire = z.object({
  id: z.string().min(1),
  name: z.string(),
  usageType: z.string().nullish(),
  managedBy: z.string().nullish(),
});
export type GroupWire = z.infer<typeof groupWire>;

export const groupsWire = z.object({ results: z.array(groupWire) });
