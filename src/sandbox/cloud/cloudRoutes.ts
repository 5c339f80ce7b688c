import type { CloudRoutes } from "./CloudCall.js";
import { groupRoutes } from "./v1/groupRoutes.js";
import { longTaskRoutes } from "./v1/longTaskRoutes.js";
import { membershipRoutes } from "./v1/membershipRoutes.js";
import { spacePermissionRoutes } from "./v1/spacePermissionRoutes.js";
import { userRoutes } from "./v1/userRoutes.js";
import { userSearchRoutes } from "./v1/userSearchRoutes.js";
import { accessRoutes } from "./v2/accessRoutes.js";
import { roleAssignmentRoutes } from "./v2/roleAssignmentRoutes.js";
import { roleRoutes } from "./v2/roleRoutes.js";
import { spaceRoutes } from "./v2/spaceRoutes.js";
import { usersBulkRoutes } from "./v2/usersBulkRoutes.js";

/** Every emulated call. */
export const cloudRoutes: CloudRoutes = {
  ...groupRoutes,
  ...membershipRoutes,
  ...userRoutes,
  ...userSearchRoutes,
  ...spacePermissionRoutes,
  ...longTaskRoutes,
  ...spaceRoutes,
  ...roleRoutes,
  ...roleAssignmentRoutes,
  ...usersBulkRoutes,
  ...accessRoutes,
};
