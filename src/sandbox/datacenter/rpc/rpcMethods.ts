import { accountMethods } from "./accountMethods.js";
import { groupMethods } from "./groupMethods.js";
import { permissionMethods } from "./permissionMethods.js";
import type { RpcMethod } from "./RpcMethod.js";

/** Every emulated method. A map, so that no inherited property is taken for one. */
export const rpcMethods: ReadonlyMap<string, RpcMethod> = new Map(
  Object.entries({ ...accountMethods, ...groupMethods, ...permissionMethods }),
);
