import type { ChangeFault } from "../../domain/Change.js";
import { fault } from "./readChange.js";

/** Names and roles: far more than any upstream takes. */
const maxTextLength = 255;

/** A name without the blanks around it, `null` where it is empty, after adding what is wrong with it. */
export function readShortText(text: string | null | undefined, field: string, faults: ChangeFault[]): string | null {
  const value = text?.trim() ?? "";
  if (value.length > maxTextLength) {
    faults.push(fault("INVALID_INPUT", [field], `This takes at most ${maxTextLength} characters.`));
  }
  return value === "" ? null : value;
}
