import { scopes } from "./scopes.js";

/** Every scope that any emulated call needs: what a credential carries unless told otherwise. */
export const allScopes: readonly string[] = [...new Set(Object.values(scopes).flat(2))].sort();
