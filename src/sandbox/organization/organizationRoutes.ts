import { groupRoutes } from "./groupRoutes.js";
import { inviteRoutes } from "./inviteRoutes.js";
import { lastActiveRoutes } from "./lastActiveRoutes.js";
import { membershipStatusRoutes } from "./membershipStatusRoutes.js";
import type { OrganizationRoutes } from "./OrganizationCall.js";
import { roleRoutes } from "./roleRoutes.js";
import { userRoutes } from "./userRoutes.js";

/** Every emulated call of the organization admin API. */
export const organizationRoutes: OrganizationRoutes = {
  "GET /admin/v2/orgs/{orgId}/directories": ({ directoryId }) => ({
    status: 200,
    body: { data: [{ directoryId, name: "Sandbox directory" }], links: {} },
  }),
  ...userRoutes,
  ...membershipStatusRoutes,
  ...lastActiveRoutes,
  ...inviteRoutes,
  ...roleRoutes,
  ...groupRoutes,
};
