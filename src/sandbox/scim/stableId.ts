import { createHash } from "node:crypto";

/** The id that SCIM gives to something that the world knows by another: the same in every run, and told by nothing else. */
export function stableId(kind: "user" | "group", nativeId: string): string {
  const hex = createHash("sha256").update(`scim ${kind} ${nativeId}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
