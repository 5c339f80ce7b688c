import type { DataCenterRoutes } from "../DataCenterCall.js";
import { accountRoutes } from "./accountRoutes.js";
import { groupRoutes } from "./groupRoutes.js";
import { membershipRoutes } from "./membershipRoutes.js";
import { spacePermissionRoutes } from "./spacePermissionRoutes.js";

/** Every REST call that changes something. */
export const writeRoutes: DataCenterRoutes = {
  ...accountRoutes,
  ...groupRoutes,
  ...membershipRoutes,
  ...spacePermissionRoutes,
};
