import type { LoaderDeclaration } from "./LoaderDeclaration.js";

/** Declares a loader. Only a name for the type: a declaration is data, the machinery is `SiteStore` and `Loader`. */
export function defineLoader<K extends string, V>(declaration: LoaderDeclaration<K, V>): LoaderDeclaration<K, V> {
  return declaration;
}
