import { Refusal } from "../../http/Refusal.js";
import type { DataCenterCall } from "../DataCenterCall.js";

/** For what only administrators may ask. */
export function requireAdministrator({ caller }: DataCenterCall): void {
  if (!caller.isAdministrator) throw new Refusal(403, "Only administrators are permitted to do this.");
}
