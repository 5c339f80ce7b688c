import { Refusal } from "../../http/Refusal.js";
import type { DataCenterOptions } from "../DataCenterOptions.js";

/** Accounts of a read-only directory take no change: 400. */
export function requireWritableUsers({ readOnlyDirectory = false }: DataCenterOptions): void {
  if (readOnlyDirectory) throw new Refusal(400, "Users cannot be changed: the directory is read-only.");
}
