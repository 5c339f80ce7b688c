import { Refusal } from "../../http/Refusal.js";
import type { WorldGroup } from "../../world/World.js";
import type { CloudCall } from "../CloudCall.js";

/** A group as v1 shows it. */
export function mapGroup(call: CloudCall, group: WorldGroup): unknown {
  return {
    type: "group",
    name: group.name,
    id: group.id,
    usageType: group.usageType ?? "USERBASE_GROUP",
    managedBy: group.managedBy ?? "ADMINS",
    _links: { self: `${call.siteUrl}/wiki/rest/api/group/by-id?id=${encodeURIComponent(group.id)}` },
  };
}

/** Groups that an identity provider synchronises are read-only. With which status Confluence says so is documented nowhere. */
export function requireWritable(group: WorldGroup): void {
  if (group.managedBy === "EXTERNAL") {
    throw new Refusal(403, `The group ${group.name} is managed by an external directory and is read-only.`);
  }
}
