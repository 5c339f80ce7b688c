import { Refusal } from "../../http/Refusal.js";
import type { DataCenterCall } from "../DataCenterCall.js";

/** 401 for who is not signed in, on permissions, where others who may not read them meet something else. */
export function refuseAnonymous({ caller }: DataCenterCall): void {
  if (caller.user === null) throw new Refusal(401, "User is not authenticated.");
}
