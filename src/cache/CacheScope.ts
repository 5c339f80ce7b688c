import type { SiteId } from "../domain/ids.js";

/** What separates one reader's entries from another's: what one credential may see is never served to another. */
export interface CacheScope {
  readonly siteId: SiteId;
  /** A one-way fingerprint of the credential, never the credential. */
  readonly credentialFingerprint: string;
}
