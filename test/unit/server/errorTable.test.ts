import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ApolloServerErrorCode } from "@apollo/server/errors";
import { describe, expect, it } from "vitest";
import { ChangeOutcome, UserErrorCode } from "../../../src/graph/change/changeEnums.js";
import { UpstreamCode } from "../../../src/graph/errors/errorCodes.js";
import { startTestServer } from "./startTestServer.js";

const root = join(import.meta.dirname, "../../..");
const page = await readFile(join(root, "docs/errors.md"), "utf8");
const pageOfChanges = await readFile(join(root, "docs/provisioning.md"), "utf8");
const [errorTable = [], userErrorTable = []] = page
  .split("\n\n")
  .filter((block) => block.startsWith("| code | means |"))
  .map((block) => [...block.matchAll(/^\|([^|]+)\|/gm)].flatMap(([, cell = ""]) => codesIn(cell, /`([A-Z_]+)`/g)));

function codesIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, code = ""]) => code);
}

async function sourcesOf(room: string): Promise<string> {
  const files = (await readdir(join(root, "src", room), { recursive: true })).filter((path) => path.endsWith(".ts"));
  return (await Promise.all(files.map((path) => readFile(join(root, "src", room, path), "utf8")))).join("\n");
}

/** Every code that stands in `errors[].extensions`: ours by the sources, the library's by its own list. */
async function answerable(): Promise<ReadonlySet<string>> {
  const sources = (await Promise.all(["server", "graph"].map(sourcesOf))).join("\n");
  const ofUserErrors: readonly string[] = Object.values(UserErrorCode);
  const ours = codesIn(sources, /\bcode: "([A-Z_]+)"/g).filter((code) => !ofUserErrors.includes(code));
  const connections = await readFile(join(root, "src/server/connection/createFastify.ts"), "utf8");
  // Beside Node's own and the framework's, by which it knows them.
  const ofConnections = codesIn(connections, /"([A-Z]+_[A-Z_]+)"/g).filter(
    // Whoever is one connection too many hears nothing.
    (code) => !/^(ERR|HPE|FST)_/.test(code) && code !== "TOO_MANY_CONNECTIONS",
  );
  // Masked as INTERNAL.
  const never: readonly string[] = ["INTERNAL_SERVER_ERROR"];
  const ofApollo = Object.values(ApolloServerErrorCode).filter((code) => !never.includes(code));
  return new Set([...Object.values(UpstreamCode), ...ours, ...ofConnections, ...ofApollo]);
}

describe("the tables of codes", () => {
  it("hold every code that the server can answer, and nothing else", async () => {
    const codes = await answerable();
    expect(codes.size).toBeGreaterThan(25);
    expect([...errorTable].sort()).toEqual([...codes].sort());
  });

  it("hold every code of a change that cannot be made, and nothing else", () => {
    expect([...userErrorTable].sort()).toEqual([...Object.values(UserErrorCode)].sort());
  });

  it("name every outcome of a change", () => {
    expect(Object.values(ChangeOutcome).filter((outcome) => !pageOfChanges.includes(`\`${outcome}\``))).toEqual([]);
  });

  it.each([
    ["BAD_REQUEST", { query: "{ hello }", variables: "none" }],
    ["OPERATION_RESOLUTION_FAILURE", { query: "query A { hello } query B { hello }" }],
    ["PERSISTED_QUERY_NOT_FOUND", { extensions: { persistedQuery: { version: 1, sha256Hash: "0".repeat(64) } } }],
  ])("hold %s because a request of that kind is answered with it", async (code, body) => {
    const server = await startTestServer();
    const { errors } = (await (await server.post(body)).json()) as { errors: { extensions: { code: string } }[] };
    expect(errors.map(({ extensions }) => extensions.code)).toEqual([code]);
    expect(errorTable).toContain(code);
  });
});
