import type { Reply } from "./Reply.js";
import type { SandboxRequest } from "./SandboxRequest.js";

/**
 * One emulated API: Confluence Cloud, the token endpoint, the organization's admin API, SCIM or, on an address of its own,
 * Data Center. Services of one address share it and its rate, and all share the journal and the faults; each owns its paths, its credentials and the shape of its errors.
 */
export interface Service {
  /** True for every path of this API, emulated or not. The first service that says so answers. */
  owns(path: string): boolean;
  /**
   * The path that faults are matched against, beside the whole one: `path` without what only addresses the service (the gateway's
   * prefix, the context path).
   */
  localPath(path: string): string;
  answer(request: SandboxRequest): Reply;
  /** An error in the shape that this API gives to such a request, for faults and for the rate limit. */
  error(request: SandboxRequest, status: number, message: string): Reply;
}
