import type { DataCenterUser } from "../../world/World.js";
import type { DataCenterCall } from "../DataCenterCall.js";
import { profilePicture } from "./profilePicture.js";

/** A user as every list and lookup words it. There is no e-mail here, and no `active`: only `status`, and only when asked. */
export function mapUser(
  { baseUrl, state }: DataCenterCall,
  { username, userKey, displayName, status }: DataCenterUser,
  expansions: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  const isStatusWanted = expansions.has("status");
  return {
    type: "known",
    username,
    userKey,
    profilePicture: profilePicture(state.contextPath),
    displayName,
    ...(isStatusWanted ? { status } : {}),
    _links: { self: `${baseUrl}/rest/api/user?key=${encodeURIComponent(userKey)}` },
    _expandable: isStatusWanted ? {} : { status: "" },
  };
}
