import { Refusal } from "../../http/Refusal.js";
import type { CloudCall } from "../CloudCall.js";
import type { SpaceRecord } from "../state/SpaceBook.js";

/** The space of a v2 path, whatever its status. */
export function findSpace(call: CloudCall): SpaceRecord {
  const id = call.params.id ?? "";
  if (!/^\d{1,19}$/.test(id)) throw new Refusal(400, `The id of a space is a number, but was '${id}'.`);
  const space = call.state.spaces.get(id);
  if (space === undefined) throw new Refusal(404, `No space with id ${id} is visible to you.`);
  return space;
}
