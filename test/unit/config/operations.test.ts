import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { readConfig } from "../../../src/config/readConfig.js";
import { faultsOf } from "./faultsOf.js";

function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "operations-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "operations.json");
  writeFileSync(path, text);
  return path;
}

it("keeps callers to the operations of a file where there is one, unless it is said otherwise", () => {
  const OPERATIONS_FILE = fileOf('{ "a": "{ sites { siteId } }" }');
  const asks = (env: NodeJS.ProcessEnv) => readConfig(env).callers.operations;
  expect([asks({}), asks({ OPERATIONS_FILE }), asks({ OPERATIONS_FILE, OPERATIONS: "any" })]).toEqual([
    "any",
    "listed",
    "any",
  ]);
  expect(readConfig({ OPERATIONS_FILE }).server.operations?.operations).toEqual([
    { id: "a", text: "{ sites { siteId } }" },
  ]);
});

it("starts with no list that is at fault, missing, or promised and not there", () => {
  const told = (env: NodeJS.ProcessEnv) => faultsOf(env).map(({ variable, problem }) => `${variable} ${problem}`);
  expect(told({ OPERATIONS_FILE: fileOf('{ "a": 7 }') })).toEqual([
    "OPERATIONS_FILE a must be the text of an operation",
  ]);
  expect(told({ OPERATIONS_FILE: join(fileOf(""), "nothing") })).toEqual([
    "OPERATIONS_FILE names a file that cannot be read (ENOTDIR)",
  ]);
  expect(told({ OPERATIONS: "listed" })).toEqual(["OPERATIONS says listed, and OPERATIONS_FILE names no list"]);
});
