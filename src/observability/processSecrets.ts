import { KnownSecrets } from "./KnownSecrets.js";

/** One set for the process: a secret is a secret in every text that leaves it, whoever writes the text. */
export const processSecrets = new KnownSecrets();
