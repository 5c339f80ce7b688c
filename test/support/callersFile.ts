import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Scope } from "../../src/domain/Scope.js";

interface TestCaller {
  readonly name: string;
  readonly scopes: readonly (Scope | `${Scope}@${string}`)[];
  readonly accounts?: readonly string[];
  readonly limits?: Readonly<Record<string, number>>;
}

/** A callers' file, and what each of its callers presents. */
export function writeCallersFile(callers: readonly TestCaller[]) {
  const folder = mkdtempSync(join(tmpdir(), "callers-"));
  const path = join(folder, "callers.json");
  const tokenOf = (name: string) => `token-of-${createHash("sha256").update(name).digest("hex")}`;
  const entries = callers.map((caller) => {
    const digest = createHash("sha256").update(tokenOf(caller.name)).digest("hex");
    return { ...caller, token: `sha256:${digest}` };
  });
  writeFileSync(path, JSON.stringify({ callers: entries }));
  return {
    path,
    headersOf: (name: string) => ({ authorization: `Bearer ${tokenOf(name)}` }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
