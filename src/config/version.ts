import { readFileSync } from "node:fs";

/** The version of this product, as its package says. */
export const productVersion = readVersion(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

function readVersion(text: string): string {
  const manifest: unknown = JSON.parse(text);
  const isManifest = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return isManifest ? String(manifest.version) : "unknown";
}
