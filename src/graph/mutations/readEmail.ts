import type { ChangeFault } from "../../domain/Change.js";
import { fault } from "./readChange.js";

/** RFC 3696 as corrected: 64 characters, an @, and 255. */
const maxEmailLength = 320;

/** An e-mail address without the blanks around it, after adding what is wrong with it. */
export function readEmail(text: string, faults: ChangeFault[]): string {
  const email = text.trim();
  if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > maxEmailLength) {
    const message = `This is no e-mail address: it needs one @ with something on either side, no blanks, and at most ${maxEmailLength} characters.`;
    faults.push(fault("INVALID_INPUT", ["email"], message));
  }
  return email;
}
