import type { CredentialParts } from "./CredentialParts.js";

/** What can be said of a site, in a file or by variables; `kind` is that of its credential. */
export type SitePart = keyof CredentialParts | "url" | "deployment" | "caFile" | "superGroup";
