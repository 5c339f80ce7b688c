import type { Secret } from "./Secret.js";

/** How we sign in to a Data Center site: a token as Bearer, or a user name and a password as Basic (UTF-8). */
export type DataCenterCredential =
  | { readonly kind: "personal-access-token"; readonly token: Secret }
  | { readonly kind: "password"; readonly username: string; readonly password: Secret };
