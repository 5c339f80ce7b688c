/** The access classes whose members the rules know; `OTHER` is every class whose members nobody can tell (rule 3). */
export type AccessClassName =
  | "anonymous-users"
  | "authenticated-users"
  | "all-licensed-users"
  | "all-product-admins"
  | "unlicensed"
  | "OTHER";
