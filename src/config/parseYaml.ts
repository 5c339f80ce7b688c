import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * YAML, or JSON, which is YAML as well. The library is loaded with the first file: its seventy modules are a thirtieth of a start that
 * has none, and settings are read without waiting for anything.
 */
export function parseYaml(text: string): unknown {
  const { parse }: typeof import("yaml") = require("yaml");
  return parse(text);
}
