import type { SiteError } from "../domain/SiteError.js";
import type { TransportOptions } from "../http/createTransport.js";

/** What every way to a site shares, wherever it runs. */
export interface SiteConnection extends Omit<TransportOptions, "baseUrl" | "authorization" | "classifyError" | "ca"> {
  /** Told of every failed call. */
  onError(error: SiteError): void;
  /** Told when the site takes us for anonymous: what was read since then may not be all that we may see. */
  onIdentityLost(sinceMs: number): void;
}
