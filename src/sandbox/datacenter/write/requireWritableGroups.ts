import { Refusal } from "../../http/Refusal.js";
import type { DataCenterOptions } from "../DataCenterOptions.js";

/** Groups and memberships of a read-only directory take no change: 403, where accounts answer 400. */
export function requireWritableGroups({ readOnlyDirectory = false }: DataCenterOptions): void {
  if (readOnlyDirectory) throw new Refusal(403, "Groups cannot be changed: the directory is read-only.");
}
