import { defaultRoles } from "./defaultRoles.js";

/** The id of one of the default roles. */
export function roleNamed(name: string): string {
  return defaultRoles.find((role) => role.name === name)?.id ?? "";
}
