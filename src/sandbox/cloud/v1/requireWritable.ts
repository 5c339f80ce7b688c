import { Refusal } from "../../http/Refusal.js";
import type { WorldGroup } from "../../world/World.js";

/** Groups that an identity provider synchronises are read-only. With which status Confluence says so is documented nowhere. */
export function requireWritable(group: WorldGroup): void {
  if (group.managedBy === "EXTERNAL") {
    throw new Refusal(403, `The group ${group.name} is managed by an external directory and is read-only.`);
  }
}
