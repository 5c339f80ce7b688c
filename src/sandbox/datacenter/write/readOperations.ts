import { isObject } from "../../cloud/isObject.js";
import { Refusal } from "../../http/Refusal.js";
import type { DataCenterCall } from "../DataCenterCall.js";
import type { Operation } from "../state/PermissionRow.js";
import { spacePermissionTypes } from "./spacePermissionTypes.js";

/** The permissions that a body lists, in its order; 400 for a pair that is none of a space. */
export function readOperations(call: DataCenterCall): readonly Operation[] {
  const body = call.json();
  if (!Array.isArray(body)) throw new Refusal(400, "The body must be a list of permissions.");
  return body.map((each: unknown) => {
    const { operationKey, targetType } = isObject(each) ? each : {};
    const known = [...spacePermissionTypes.values()].find(
      (operation) => operation.operationKey === operationKey && operation.targetType === targetType,
    );
    if (known === undefined) {
      throw new Refusal(400, `Unsupported space permission: ${String(targetType)} ${String(operationKey)}`);
    }
    return known;
  });
}
