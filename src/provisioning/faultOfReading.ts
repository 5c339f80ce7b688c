import type { ChangeFault } from "../domain/ChangeFault.js";
import type { SiteError } from "../domain/SiteError.js";

/** Why nothing can be planned: what is there could not be read now, or the site has no way to tell it at all. */
export function faultOfReading({ kind, message }: SiteError): ChangeFault {
  return { code: kind === "Unsupported" ? "UNSUPPORTED" : "STATE_UNKNOWN", field: [], message };
}
