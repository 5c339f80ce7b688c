import type { SiteErrorKind } from "../../domain/SiteError.js";

/** The stable GraphQL code of each kind of upstream failure: in `errors[].extensions.code` and in `Gap.code`. */
export enum UpstreamCode {
  UPSTREAM_AUTH = "UPSTREAM_AUTH",
  UPSTREAM_FORBIDDEN = "UPSTREAM_FORBIDDEN",
  UPSTREAM_NOT_VISIBLE = "UPSTREAM_NOT_VISIBLE",
  UPSTREAM_THROTTLED = "UPSTREAM_THROTTLED",
  UPSTREAM_UNREACHABLE = "UPSTREAM_UNREACHABLE",
  UPSTREAM_FAILED = "UPSTREAM_FAILED",
  UPSTREAM_CONTRACT = "UPSTREAM_CONTRACT",
  UPSTREAM_REJECTED = "UPSTREAM_REJECTED",
  UPSTREAM_MISCONFIGURED = "UPSTREAM_MISCONFIGURED",
  INCOMPLETE = "INCOMPLETE",
  UNSUPPORTED = "UNSUPPORTED",
}

export const upstreamCodes: Readonly<Record<SiteErrorKind, UpstreamCode>> = {
  CredentialRejected: UpstreamCode.UPSTREAM_AUTH,
  ScopeMissing: UpstreamCode.UPSTREAM_AUTH,
  AccessRefused: UpstreamCode.UPSTREAM_FORBIDDEN,
  NotVisible: UpstreamCode.UPSTREAM_NOT_VISIBLE,
  Throttled: UpstreamCode.UPSTREAM_THROTTLED,
  Unreachable: UpstreamCode.UPSTREAM_UNREACHABLE,
  UpstreamFailed: UpstreamCode.UPSTREAM_FAILED,
  ContractDrift: UpstreamCode.UPSTREAM_CONTRACT,
  RequestRejected: UpstreamCode.UPSTREAM_REJECTED,
  Misconfigured: UpstreamCode.UPSTREAM_MISCONFIGURED,
  ReadIncomplete: UpstreamCode.INCOMPLETE,
  Unsupported: UpstreamCode.UNSUPPORTED,
};
