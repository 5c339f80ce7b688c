import type { ChangeFault } from "../../domain/Change.js";
import { fault } from "./readChange.js";

/** Adds what is wrong with a name that a Data Center site is to show. */
export function checkFullName(name: string | null, field: string, faults: ChangeFault[]): void {
  if (name === null || !/[<>]/.test(name)) return;
  faults.push(fault("INVALID_INPUT", [field], "Data Center takes no < and > in the name of a person."));
}
