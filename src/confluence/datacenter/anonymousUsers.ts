import type { Principal } from "../../domain/Principal.js";

/** Everybody, signed in or not: Data Center's "anonymous" under the name that Cloud has for the same class. */
export const anonymousUsers = {
  kind: "accessClass",
  classId: "anonymous-users",
  reportedType: "anonymous",
} as const satisfies Principal;
