import { z } from "zod";

/** What accepts a long task (202). */
export const longTaskSubmissionWire = z.object({ id: z.union([z.string().min(1), z.int()]) });

/** `GET /rest/api/longtask/{id}`. */
export const longTaskWire = z.object({
  percentageComplete: z.number(),
  successful: z.boolean().nullish(),
  messages: z
    .array(z.object({ translation: z.string().nullish(), key: z.string().nullish() }))
    .nullish()
    .catch(null),
});
export type LongTaskWire = z.infer<typeof longTaskWire>;
