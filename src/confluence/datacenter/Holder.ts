import type { Principal } from "../../domain/Principal.js";

/** Who holds a permission, as a row tells it: a user by name alone is nobody in particular until the name was looked up. */
export type Holder = Principal | { readonly kind: "username"; readonly username: string };
