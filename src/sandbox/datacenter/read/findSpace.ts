import { Refusal } from "../../http/Refusal.js";
import type { DataCenterCall } from "../DataCenterCall.js";
import type { HeldSpace } from "../state/DataCenterSpaceBook.js";
import { visibleTo } from "./visibleTo.js";

/** The space of a key, archived or not; 404 when there is none that the caller may see. */
export function findSpace(call: DataCenterCall, key: string): HeldSpace {
  const space = call.state.spaces.byKey(key);
  if (space === undefined || !visibleTo(call)(key)) throw new Refusal(404, `No space with key : ${key}`);
  return space;
}
