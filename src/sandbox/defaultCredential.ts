import type { SandboxCredential } from "./cloud/isAuthorized.js";

/** What a sandbox accepts unless told otherwise. It opens nothing but sandboxes, so it may stand in documents. */
export const defaultCredential: SandboxCredential = { email: "admin@sandbox.test", apiToken: "sandbox-token" };
