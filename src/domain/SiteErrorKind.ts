/** The taxonomy of what can go wrong between us and a site. Each kind maps to one stable GraphQL code. */
export type SiteErrorKind =
  | "CredentialRejected"
  | "ScopeMissing"
  | "AccessRefused"
  | "NotVisible"
  | "Throttled"
  | "Unreachable"
  | "UpstreamFailed"
  | "ContractDrift"
  | "ReadIncomplete"
  | "Unsupported"
  | "RequestRejected"
  | "Misconfigured";
