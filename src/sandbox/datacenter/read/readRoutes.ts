import type { DataCenterRoutes } from "../DataCenterCall.js";
import { globalPermissionRoutes } from "./globalPermissionRoutes.js";
import { groupRoutes } from "./groupRoutes.js";
import { longTaskRoutes } from "./longTaskRoutes.js";
import { serverRoutes } from "./serverRoutes.js";
import { spacePermissionRoutes } from "./spacePermissionRoutes.js";
import { spaceRoutes } from "./spaceRoutes.js";
import { userListRoutes } from "./userListRoutes.js";
import { userRoutes } from "./userRoutes.js";

/** Every emulated read. */
export const readRoutes: DataCenterRoutes = {
  ...serverRoutes,
  ...userRoutes,
  ...userListRoutes,
  ...groupRoutes,
  ...spaceRoutes,
  ...spacePermissionRoutes,
  ...globalPermissionRoutes,
  ...longTaskRoutes,
};
