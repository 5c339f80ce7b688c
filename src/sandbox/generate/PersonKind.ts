/** The kinds of account that worlds are made of. */
export type PersonKind =
  | "licensed"
  | "guest"
  | "app"
  | "customer"
  | "suspended"
  | "deactivated"
  | "inactive"
  | "closed"
  | "unlicensed"
  | "unknown";
