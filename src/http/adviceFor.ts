import type { SiteErrorKind } from "../domain/SiteError.js";

const advice: Readonly<Record<SiteErrorKind, string>> = {
  CredentialRejected: "Check the credential: it is wrong, expired or revoked.",
  ScopeMissing: "Give the credential the scope that this call needs.",
  AccessRefused: "The credential is valid but may not do this: give its account the permission.",
  NotVisible: "It does not exist, or it is hidden from this credential.",
  Throttled: "The site limits the rate of calls. Ask again later.",
  Unreachable: "Check the site's address and the network between here and there.",
  UpstreamFailed: "The site itself failed. Ask again later.",
  ContractDrift: "Check that the address is the API's; if it is, the API has changed.",
  ReadIncomplete: "Ask again; what was read so far may not be whole.",
  Unsupported: "This site does not offer the call.",
  RequestRejected: "Asking again without a change will not help.",
  Misconfigured: "Check the site's address in the configuration.",
};

/** What a person can do about an error of this kind, as a sentence. */
export function adviceFor(kind: SiteErrorKind, retryAfterMs: number | null = null): string {
  if (kind !== "Throttled" || retryAfterMs === null || retryAfterMs === 0) return advice[kind];
  return `The site limits the rate of calls. Ask again in ${Math.ceil(retryAfterMs / 1_000)} s.`;
}
