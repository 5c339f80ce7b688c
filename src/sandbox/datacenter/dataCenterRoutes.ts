import type { DataCenterRoutes } from "./DataCenterCall.js";
import { readRoutes } from "./read/readRoutes.js";
import { rpcRoutes } from "./rpc/rpcRoutes.js";
import { writeRoutes } from "./write/writeRoutes.js";

/** Every emulated call. */
export const dataCenterRoutes: DataCenterRoutes = { ...readRoutes, ...writeRoutes, ...rpcRoutes };
