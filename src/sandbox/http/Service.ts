import type { Reply } from "./Reply.js";
import type { SandboxRequest } from "./SandboxRequest.js";

/**
 * One emulated API: Confluence Cloud, the token endpoint, the organization's admin API or SCIM. Services share the port, the
 * journal, faults and the rate; each owns its paths, its credentials and the shape of its errors.
 */
export interface Service {
  /** True for every path of this API, emulated or not. The first service that says so answers. */
  owns(path: string): boolean;
  /** The path that faults are matched against: `path` without what only addresses the service (the gateway's prefix). */
  localPath(path: string): string;
  answer(request: SandboxRequest): Reply;
  /** An error in the shape this API gives at that path, for faults and for the rate limit. */
  error(path: string, status: number, message: string): unknown;
}
