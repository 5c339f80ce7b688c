import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readConfig } from "../../../src/config/readConfig.js";
import { privateAuthority } from "../../datacenter/privateAuthority.js";
import { faultsOf } from "./faultsOf.js";

const CACHE_KEY = "a-word-of-at-least-32-characters-for-a-fleet";

function addressOf(url: string) {
  const { password, ...address } = readConfig({ CACHE_URL: url, CACHE_KEY }).fleet?.address ?? { password: null };
  return { ...address, password: password?.reveal() ?? null };
}

describe("what processes share", () => {
  it("is nothing unless an engine is named", () => {
    expect(readConfig({}).fleet).toBeNull();
  });

  it.each([
    ["redis://127.0.0.1", {}],
    ["valkey://cache.example.com:6380/2", { host: "cache.example.com", port: 6380, database: 2 }],
    ["redis://[::1]:7000", { host: "::1", port: 7000 }],
    [
      "rediss://graph:pass%20w%2Ford%40@cache.example.com",
      { host: "cache.example.com", isSafe: true, username: "graph", password: "pass w/ord@" },
    ],
    ["valkeys://:word@cache.example.com", { host: "cache.example.com", isSafe: true, password: "word" }],
    ["redis://127.0.0.1?cluster=true", { isCluster: true }],
    ["unix:/run/valkey/valkey.sock", { host: "", path: "/run/valkey/valkey.sock" }],
    ["unix:///run/my%20valkey.sock?db=3", { host: "", path: "/run/my valkey.sock", database: 3 }],
  ])("is at %s", (url, told) => {
    expect(addressOf(url)).toEqual({
      host: "127.0.0.1",
      port: 6379,
      path: null,
      isCluster: false,
      isSafe: false,
      ca: null,
      username: null,
      password: null,
      database: 0,
      ...told,
    });
  });

  it.each([
    ["cache.example.com:6379", "must be the address of a Valkey or Redis server"],
    ["http://cache.example.com", "must be the address of a Valkey or Redis server"],
    ["redis://", "must be the address of a Valkey or Redis server"],
    ["unix:relative.sock", "must be the address of a Valkey or Redis server"],
    ["redis://graph@127.0.0.1", "has a user name without a password"],
    ["redis://:word@", "must"],
    ["redis://127.0.0.1/cache", "must end with the port, or with the number of a database"],
    ["redis://127.0.0.1?tls=true", "may carry no parameters but cluster=true"],
    ["redis://127.0.0.1?cluster=yes", "must say cluster=true, or nothing of a cluster"],
    ["redis://127.0.0.1/1?cluster=true", "cannot name a database of a cluster"],
    ["unix:/run/valkey.sock?cluster=true", "cannot be both a path and a cluster"],
    ["redis://graph:50%@127.0.0.1", "has a % in its user name or password"],
  ])("is not at %s", (url, problem) => {
    expect(faultsOf({ CACHE_URL: url, CACHE_KEY })).toMatchObject([
      {
        variable: "CACHE_URL",
        problem: expect.stringContaining(problem),
        example: expect.stringMatching(/^CACHE_URL=rediss:/),
      },
    ]);
  });

  it("has to be encrypted by a key of its own where it is not on this machine", () => {
    for (const url of [
      "redis://10.0.0.7",
      "rediss://cache.example.com",
      "redis://0.0.0.0",
      "redis://localhost.example.com",
    ]) {
      expect([url, faultsOf({ CACHE_URL: url })]).toMatchObject([
        url,
        [
          {
            variable: "CACHE_KEY",
            problem: expect.stringContaining("is required, because CACHE_URL is not on this machine"),
          },
        ],
      ]);
    }
    for (const url of ["redis://localhost", "redis://127.0.0.1", "redis://[::1]", "unix:/run/valkey.sock"]) {
      expect([url, faultsOf({ CACHE_URL: url })]).toEqual([url, []]);
      expect(readConfig({ CACHE_URL: url }).fleet?.keys).toEqual([]);
    }
  });

  it("has one key, or two while one takes the place of the other", () => {
    const keysOf = (key: string) =>
      readConfig({ CACHE_URL: "redis://10.0.0.7", CACHE_KEY: key }).fleet?.keys.map((each) => each.reveal());
    expect(keysOf(CACHE_KEY)).toEqual([CACHE_KEY]);
    expect(keysOf(`${CACHE_KEY}-new , ${CACHE_KEY}`)).toEqual([`${CACHE_KEY}-new`, CACHE_KEY]);
    for (const key of [
      "too-short",
      `${CACHE_KEY},short`,
      `${CACHE_KEY},`,
      [CACHE_KEY, CACHE_KEY, CACHE_KEY].join(),
      `${CACHE_KEY} and more`,
    ]) {
      const [fault, ...others] = faultsOf({ CACHE_URL: "redis://10.0.0.7", CACHE_KEY: key });
      expect(fault).toMatchObject({
        variable: "CACHE_KEY",
        problem: expect.stringContaining("of at least 32 characters"),
      });
      expect([others, fault?.problem.includes(key)]).toEqual([[], false]);
    }
  });

  it("has names by a key of their own where one is set, and as many processes as are expected", () => {
    const CACHE_URL = "redis://10.0.0.7";
    const fleetOf = (more: object) => readConfig({ CACHE_URL, CACHE_KEY, ...more }).fleet;
    expect([fleetOf({})?.nameKey, fleetOf({})?.expectedProcesses]).toEqual([null, 3]);
    expect(fleetOf({ CACHE_NAME_KEY: `${CACHE_KEY}-names` })?.nameKey?.reveal()).toBe(`${CACHE_KEY}-names`);
    expect(fleetOf({ CACHE_EXPECTED_PROCESSES: "10" })?.expectedProcesses).toBe(10);
    for (const faulty of [{ CACHE_NAME_KEY: "short" }, { CACHE_EXPECTED_PROCESSES: "0" }])
      expect(faultsOf({ CACHE_URL, CACHE_KEY, ...faulty })).toMatchObject([{ variable: Object.keys(faulty)[0] }]);
    expect(faultsOf({ CACHE_URL: "redis://127.0.0.1", CACHE_NAME_KEY: CACHE_KEY })).toMatchObject([
      { variable: "CACHE_NAME_KEY", problem: expect.stringContaining("is of no use without CACHE_KEY") },
    ]);
  });

  it("takes its secrets from files, and an authority of its own over TLS alone", () => {
    const directory = mkdtempSync(join(tmpdir(), "fleet-"));
    try {
      const file = (name: string, text: string) => {
        writeFileSync(join(directory, name), text);
        return join(directory, name);
      };
      const ca = file("ca.pem", privateAuthority.certificate);
      const secrets = {
        CACHE_URL_FILE: file("url", "rediss://graph:word@cache.example.com\n"),
        CACHE_KEY_FILE: file("key", `${CACHE_KEY}\n`),
      };
      const { fleet } = readConfig({ ...secrets, CACHE_CA_FILE: ca });
      expect([fleet?.address.host, fleet?.address.ca?.trim(), fleet?.keys[0]?.reveal()]).toEqual([
        "cache.example.com",
        privateAuthority.certificate,
        CACHE_KEY,
      ]);
      expect(faultsOf({ CACHE_URL: "redis://127.0.0.1", CACHE_CA_FILE: ca })).toMatchObject([
        { variable: "CACHE_CA_FILE", problem: expect.stringContaining("CACHE_URL is not over TLS") },
      ]);
      expect(faultsOf({ ...secrets, CACHE_CA_FILE: join(directory, "none") })).toMatchObject([
        { variable: "CACHE_CA_FILE", problem: "names a file that cannot be read (ENOENT)" },
      ]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("tells every fault at once, and of what is of no use alone", () => {
    expect(faultsOf({ CACHE_KEY, CACHE_CA_FILE: "ca.pem" })).toMatchObject([
      {
        variable: "CACHE_KEY",
        problem: expect.stringContaining("is of no use without CACHE_URL"),
        example: "CACHE_KEY=",
      },
      { variable: "CACHE_CA_FILE", problem: expect.stringContaining("is of no use without CACHE_URL") },
    ]);
    expect(faultsOf({ CACHE_NAME_KEY: CACHE_KEY })).toMatchObject([{ variable: "CACHE_NAME_KEY" }]);
    const faults = faultsOf({ CACHE_URL: "nonsense", CACHE_KEY: "short", PORT: "x" });
    expect(faults.map(({ variable }) => variable).sort()).toEqual(["CACHE_KEY", "CACHE_URL", "PORT"]);
  });
});
