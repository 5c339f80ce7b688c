import { SiteError } from "../../domain/SiteError.js";

/**
 * Rejects with `Unsupported`: nothing was sent.
 *
 * @param call the call as a template, or in words what was meant where there is no such call.
 */
export async function refuse(call: string, why: string): Promise<never> {
  throw new SiteError("Unsupported", `${call}: nothing was sent. ${why}`, { call });
}
