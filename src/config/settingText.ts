import type { Setting } from "./Setting.js";

/** The text that a setting is read from: without blanks around it, or only without its last line break where they count. */
export function settingText(given: string, { isVerbatim }: Pick<Setting, "isVerbatim">): string {
  if (given.trim() === "") return "";
  return isVerbatim === true ? given.replace(/[\r\n]+$/, "") : given.trim();
}
