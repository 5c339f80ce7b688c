import { SiteError } from "../../domain/SiteError.js";
import { type NamedInPath, objectionToPathName } from "./objectionToPathName.js";

/** A user's or a group's name, or a space's key, as it stands in a path. Throws `Unsupported` for one that cannot. */
export function pathName(kind: NamedInPath, name: string, call: string): string {
  const objection = objectionToPathName(kind, name);
  if (objection !== null) throw new SiteError("Unsupported", `${call} was not sent. ${objection}`, { call });
  if (name === "") {
    throw new SiteError("NotVisible", `${call} was not sent: no ${kind} has an empty name.`, { call });
  }
  return encodeURIComponent(name);
}
