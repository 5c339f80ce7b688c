import type { ChangeFault } from "../domain/Change.js";
import type { SiteError } from "../domain/SiteError.js";

/** A failed write or read as a fault of the change that needed it. */
export function faultFromError(error: SiteError): ChangeFault {
  return { code: codeOf(error), field: [], message: error.message };
}

/** A directory that may only be read has no status of its own: it refuses with 400 or 403, and the adapter's advice says why. */
const readOnlyDirectory = /\bread-only directory\b/i;

function codeOf({ kind, message }: SiteError): ChangeFault["code"] {
  switch (kind) {
    case "RequestRejected":
    case "AccessRefused":
      return readOnlyDirectory.test(message) ? "DIRECTORY_READ_ONLY" : "UPSTREAM_REFUSED";
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
/** Why nothing can be planned: what is there could not be read now, or the site has no way to tell it at all. */
export function faultOfReading({ kind, message }: SiteError): ChangeFault {
  return { code: kind === "Unsupported" ? "UNSUPPORTED" : "STATE_UNKNOWN", field: [], message };
}

/** What every change of a site answers while changes are switched off there. */
export function provisioningDisabled(siteId: string): ChangeFault {
  const message = `Changes are switched off for site ${siteId}. Set PROVISIONING=on (or \`provisioning: true\` in the sites file) to allow them.`;
  return { code: "PROVISIONING_DISABLED", field: [], message };
}
