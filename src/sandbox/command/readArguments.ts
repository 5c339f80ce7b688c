import { parseArgs } from "node:util";
import { limits } from "../limits.js";
import { defaultCredentials } from "../oauth/defaultCredentials.js";
import type { SandboxCredentials } from "../oauth/SandboxCredentials.js";

/** The command line, checked but for the world itself. */
export interface SandboxArguments {
  readonly host: string;
  readonly port: number;
  readonly latencyMs: number;
  readonly ratePerSecond: number | undefined;
  /** A file, or `random:…`; undefined is the default world. */
  readonly world: string | undefined;
  readonly credentials: SandboxCredentials;
  readonly tokenLifetimeSeconds: number;
  readonly isHelpWanted: boolean;
}

/** What was read, and every fault of it; with faults, the arguments are not to be used. */
export interface ReadArguments {
  readonly arguments: SandboxArguments;
  readonly faults: readonly string[];
}

const options = {
  host: { type: "string" },
  port: { type: "string" },
  "latency-ms": { type: "string" },
  "rate-per-second": { type: "string" },
  world: { type: "string" },
  email: { type: "string" },
  "api-token": { type: "string" },
  "scoped-token": { type: "string" },
  "service-account-token": { type: "string" },
  "client-id": { type: "string" },
  "client-secret": { type: "string" },
  "organization-id": { type: "string" },
  "organization-key": { type: "string" },
  "scim-directory-id": { type: "string" },
  "scim-key": { type: "string" },
  "token-lifetime-seconds": { type: "string" },
  help: { type: "boolean" },
} as const;

const defaultPort = 4010;

/** Reads `--port 4010 --latency-ms 30 --rate-per-second 150 --world FILE|random:…` and the rest of what `usage` lists. */
export function readArguments(argv: readonly string[]): ReadArguments {
  const faults: string[] = [];
  const given = new Map<string, string>();
  // Not strict: that would stop at the first fault, and a person wants to hear of all of them.
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === "positional") faults.push(`${token.value}: unexpected; options begin with --`);
    if (token.kind !== "option") continue;
    const isKnown = token.rawName.startsWith("--") && Object.hasOwn(options, token.name);
    if (!isKnown) faults.push(`${token.rawName}: unknown; known are ${Object.keys(options).map(dashed).join(", ")}`);
    else if (given.has(token.name)) faults.push(`${token.rawName}: given twice`);
    else if (token.name === "help") given.set("help", "");
    else if (token.value === undefined || token.value === "") faults.push(`${token.rawName}: needs a value`);
    else given.set(token.name, token.value);
  }
  const number = (
    name: keyof typeof options,
    absent: number,
    isFine: (value: number) => boolean,
    rule: string,
  ): number => {
    const text = given.get(name);
    if (text === undefined) return absent;
    const value = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
    if (!isFine(value)) faults.push(`${dashed(name)}: must be ${rule}, not '${text}'`);
    return value;
  };
  const isWhole = (value: number): boolean => Number.isInteger(value);
  const rate = number("rate-per-second", 0, (value) => value > 0, "a number above 0, such as 150");
  return {
    arguments: {
      host: given.get("host") ?? "127.0.0.1",
      port: number(
        "port",
        defaultPort,
        (v) => isWhole(v) && v <= 65_535,
        "a whole number from 0 to 65535, such as 4010",
      ),
      latencyMs: number(
        "latency-ms",
        0,
        (v) => isWhole(v) && v <= 600_000,
        "whole milliseconds up to 600000, such as 30",
      ),
      ratePerSecond: given.has("rate-per-second") ? rate : undefined,
      world: given.get("world"),
      credentials: credentialsOf(given),
      tokenLifetimeSeconds: number(
        "token-lifetime-seconds",
        limits.tokenLifetimeSeconds,
        (v) => isWhole(v) && v >= 1,
        "whole seconds of at least 1, such as 60",
      ),
      isHelpWanted: given.has("help"),
    },
    faults,
  };
}

function credentialsOf(given: ReadonlyMap<string, string>): SandboxCredentials {
  const { basic, scopedToken, serviceAccountToken, oauth, organization, scim } = defaultCredentials;
  const email = given.get("email") ?? basic.email;
  return {
    basic: { email, apiToken: given.get("api-token") ?? basic.apiToken },
    scopedToken: { email, apiToken: given.get("scoped-token") ?? scopedToken.apiToken },
    serviceAccountToken: given.get("service-account-token") ?? serviceAccountToken,
    oauth: {
      clientId: given.get("client-id") ?? oauth.clientId,
      clientSecret: given.get("client-secret") ?? oauth.clientSecret,
    },
    organization: {
      orgId: given.get("organization-id") ?? organization.orgId,
      apiKey: given.get("organization-key") ?? organization.apiKey,
    },
    scim: {
      directoryId: given.get("scim-directory-id") ?? scim.directoryId,
      key: given.get("scim-key") ?? scim.key,
    },
  };
}

function dashed(name: string): string {
  return `--${name}`;
}
