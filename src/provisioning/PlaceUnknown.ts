import type { ChangeFault } from "../domain/ChangeFault.js";

/** What a change is to be planned on cannot be read, or is not there. */
export class PlaceUnknown extends Error {
  override readonly name = "PlaceUnknown";

  constructor(readonly fault: ChangeFault) {
    super(fault.message);
  }
}
