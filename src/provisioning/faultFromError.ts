import type { ChangeFault } from "../domain/ChangeFault.js";
import type { SiteError } from "../domain/SiteError.js";

/** A failed write or read as a fault of the change that needed it. */
export function faultFromError(error: SiteError): ChangeFault {
  return { code: codeOf(error), field: [], message: error.message };
}

function codeOf({ kind }: SiteError): ChangeFault["code"] {
  switch (kind) {
    case "RequestRejected":
    case "AccessRefused":
    case "NotVisible":
    case "ScopeMissing":
    case "CredentialRejected":
      return "UPSTREAM_REFUSED";
    case "Unsupported":
      return "UNSUPPORTED";
    default:
      return "UPSTREAM_UNAVAILABLE";
  }
}
