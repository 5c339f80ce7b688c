import type { DataCenterOptions } from "../datacenter/DataCenterOptions.js";
import { limits } from "../limits.js";
import { defaultCredentials } from "../oauth/defaultCredentials.js";
import type { SandboxCredentials } from "../oauth/SandboxCredentials.js";
import { OptionValues } from "./OptionValues.js";
import { readDataCenterArguments } from "./readDataCenterArguments.js";
import { readTokens } from "./readTokens.js";

/** The command line, checked but for the world itself. */
export interface SandboxArguments {
  readonly host: string;
  readonly port: number;
  /** Used where the world has a Data Center half. */
  readonly dcPort: number;
  readonly latencyMs: number;
  readonly ratePerSecond: number | undefined;
  /** A file, or `random:…`; undefined is the default world. */
  readonly world: string | undefined;
  readonly credentials: SandboxCredentials;
  readonly tokenLifetimeSeconds: number;
  readonly dataCenter: DataCenterOptions;
  /** Those of `--dc-…` that were given, the port's too: without effect, and a fault, where the world has no such half. */
  readonly dataCenterFlags: readonly string[];
  readonly isHelpWanted: boolean;
}

/** What was read, and every fault of it; with faults, the arguments are not to be used. */
export interface ReadArguments {
  readonly arguments: SandboxArguments;
  readonly faults: readonly string[];
}

const defaultPort = 4010;
const defaultDataCenterPort = 4011;

/** Reads `--port 4010 --latency-ms 30 --rate-per-second 150 --world FILE|random:…` and the rest of what `usage` lists. */
export function readArguments(argv: readonly string[]): ReadArguments {
  const { given, faults } = readTokens(argv);
  const values = new OptionValues(given, faults);
  const isWhole = (value: number): boolean => Number.isInteger(value);
  const rate = values.number("rate-per-second", 0, (value) => value > 0, "a number above 0, such as 150");
  const read: SandboxArguments = {
    host: given.get("host") ?? "127.0.0.1",
    port: values.port("port", defaultPort),
    dcPort: values.port("dc-port", defaultDataCenterPort),
    latencyMs: values.number(
      "latency-ms",
      0,
      (v) => isWhole(v) && v <= 600_000,
      "whole milliseconds up to 600000, such as 30",
    ),
    ratePerSecond: given.has("rate-per-second") ? rate : undefined,
    world: given.get("world"),
    credentials: credentialsOf(given),
    tokenLifetimeSeconds: values.number(
      "token-lifetime-seconds",
      limits.tokenLifetimeSeconds,
      (v) => isWhole(v) && v >= 1,
      "whole seconds of at least 1, such as 60",
    ),
    dataCenter: readDataCenterArguments(values),
    dataCenterFlags: [...given.keys()].filter((name) => name.startsWith("dc-")).map((name) => `--${name}`),
    isHelpWanted: given.has("help"),
  };
  return { arguments: read, faults: values.faults };
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
