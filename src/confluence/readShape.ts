import type { z } from "zod";
import { SiteError } from "../domain/SiteError.js";
import { cleanExcerpt } from "../http/errors.js";
import { isPlainly } from "./plainShape.js";

/**
 * Checks an answer's shape at the boundary. Drift rejects with `ContractDrift` naming the call and the first field that
 * is not as documented; fields beyond those read are nobody's, though they may still be there, and enums are read as open text.
 */
export function readShape<Shape>(schema: z.ZodType<Shape>, body: unknown, call: string): Shape {
  if (isPlainly(schema, body)) return body;
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  // A path may lead through keys that the upstream chose.
  const field = cleanExcerpt(issue?.path.map(String).join(".") ?? "", []) || "the answer itself";
  const problem = issue?.message ?? "not as documented";
  throw new SiteError(
    "ContractDrift",
    `${call} answered in a shape that its documentation does not know: ${field}: ${problem}. Nothing of this answer was used.`,
    { call, status: 200 },
  );
}

/** A text that says something: an empty one stands for "hidden" on Cloud, and for "has none" in a synchronised directory. */
export function textOrNull(text: string | null | undefined): string | null {
  return text === undefined || text === "" ? null : text;
}
