import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { LoaderDeclaration } from "../../../src/loaders/engine/LoaderDeclaration.js";

/** A declaration of which only the name matters. */
export type AnyLoader = LoaderDeclaration<string, unknown>;

const folder = join(import.meta.dirname, "../../../src/loaders");

/** Every loader that is declared, found by looking: one that comes is among them. */
export async function everyLoader(): Promise<readonly AnyLoader[]> {
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  const modules = await Promise.all(
    files.map((name) => import(join(folder, name)) as Promise<Readonly<Record<string, unknown>>>),
  );
  return modules
    .flatMap((exported) => Object.values(exported))
    .filter(isLoader)
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function isLoader(thing: unknown): thing is AnyLoader {
  return typeof thing === "object" && thing !== null && "fetch" in thing && "touchedBy" in thing;
}
