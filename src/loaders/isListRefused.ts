import { SiteError } from "../domain/SiteError.js";

/** Whether a site has no list of everyone, or none for us. Any other failure would befall other ways to the same as well. */
export function isListRefused(error: Error): boolean {
  return error instanceof SiteError && (error.kind === "Unsupported" || error.kind === "AccessRefused");
}
