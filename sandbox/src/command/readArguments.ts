import { parseArgs } from "node:util";
import { maySignIn } from "../datacenter/authentication.js";
import {
  type DataCenterCredentials,
  type DataCenterOptions,
  defaultDataCenterCredentials,
} from "../datacenter/options.js";
import type { TokenBucketRate } from "../http/rateLimits.js";
import { limits } from "../limits.js";
import { defaultCredentials, type SandboxCredentials } from "../oauth/credentials.js";
import { given } from "../world/ObjectReader.js";
import type { World } from "../world/World.js";

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
interface ReadArguments {
  readonly arguments: SandboxArguments;
  readonly faults: readonly string[];
}

const defaultPort = 4010;
const defaultDataCenterPort = 4011;

/** Reads `--port 4010 --latency-ms 30 --rate-per-second 150 --world FILE|random:…` and the rest of what `usage` lists. */
export function readArguments(argv: readonly string[]): ReadArguments {
  const { options, faults } = readTokens(argv);
  const values = new OptionValues(options, faults);
  const isWhole = (value: number): boolean => Number.isInteger(value);
  const rate = values.number("rate-per-second", 0, (value) => value > 0, "a number above 0, such as 150");
  const read: SandboxArguments = {
    host: options.get("host") ?? "127.0.0.1",
    port: values.port("port", defaultPort),
    dcPort: values.port("dc-port", defaultDataCenterPort),
    latencyMs: values.number(
      "latency-ms",
      0,
      (v) => isWhole(v) && v <= 600_000,
      "whole milliseconds up to 600000, such as 30",
    ),
    ratePerSecond: options.has("rate-per-second") ? rate : undefined,
    world: options.get("world"),
    credentials: credentialsOf(options),
    tokenLifetimeSeconds: values.number(
      "token-lifetime-seconds",
      limits.tokenLifetimeSeconds,
      (v) => isWhole(v) && v >= 1,
      "whole seconds of at least 1, such as 60",
    ),
    dataCenter: readDataCenterArguments(values),
    dataCenterFlags: [...options.keys()].filter((name) => name.startsWith("dc-")).map((name) => `--${name}`),
    isHelpWanted: options.has("help"),
  };
  return { arguments: read, faults: values.faults };
}

function credentialsOf(options: ReadonlyMap<string, string>): SandboxCredentials {
  const { basic, scopedToken, serviceAccountToken, oauth, organization, scim } = defaultCredentials;
  const email = options.get("email") ?? basic.email;
  return {
    basic: { email, apiToken: options.get("api-token") ?? basic.apiToken },
    scopedToken: { email, apiToken: options.get("scoped-token") ?? scopedToken.apiToken },
    serviceAccountToken: options.get("service-account-token") ?? serviceAccountToken,
    oauth: {
      clientId: options.get("client-id") ?? oauth.clientId,
      clientSecret: options.get("client-secret") ?? oauth.clientSecret,
    },
    organization: {
      orgId: options.get("organization-id") ?? organization.orgId,
      apiKey: options.get("organization-key") ?? organization.apiKey,
    },
    scim: {
      directoryId: options.get("scim-directory-id") ?? scim.directoryId,
      key: options.get("scim-key") ?? scim.key,
    },
  };
}

/** Reads what begins with `--dc-`, the port aside. What was not given is left out: the sandbox has its own defaults. */
function readDataCenterArguments(values: OptionValues): DataCenterOptions {
  const version = values.text("dc-version");
  if (version !== undefined && !/^\d{1,4}(\.\d{1,4}){1,3}$/.test(version)) {
    values.refuse("dc-version", "a version such as 9.2 or 9.2.0", version);
  }
  const rate = readRate(values);
  const rpcDisabled = readRpcStatus(values);
  const isWhole = (value: number): boolean => Number.isInteger(value);
  const isTime = (value: number): boolean => isWhole(value) && value <= 600_000;
  const seats = values.number("dc-licence-seats", 0, isWhole, "a whole number, such as 500");
  const longTaskMs = values.number("dc-long-task-ms", 0, isTime, "whole milliseconds up to 600000, such as 2000");
  return {
    credentials: readCredentials(values),
    ...given({
      version,
      rate,
      rpcDisabled,
      basicDisabled: values.has("dc-basic-disabled") || undefined,
      readOnlyDirectory: values.has("dc-read-only") || undefined,
      membersFollowNested: values.has("dc-members-follow-nested") || undefined,
      licenceSeats: values.has("dc-licence-seats") ? seats : undefined,
      longTaskMs: values.has("dc-long-task-ms") ? longTaskMs : undefined,
    }),
  };
}

/** `capacity/fill/seconds`: what a full bucket holds, and how many calls are added every so many seconds. */
function readRate(values: OptionValues): TokenBucketRate | undefined {
  const text = values.text("dc-rate");
  if (text === undefined) return undefined;
  const parts = /^(\d{1,6})\/(\d{1,6})\/([1-9]\d{0,5})$/.exec(text);
  if (parts === null) {
    values.refuse("dc-rate", "capacity/calls/seconds in whole numbers, such as 50/10/1 (seconds at least 1)", text);
    return undefined;
  }
  const [, capacity, fillRate, intervalSeconds] = parts;
  return { capacity: Number(capacity), fillRate: Number(fillRate), intervalSeconds: Number(intervalSeconds) };
}

function readRpcStatus(values: OptionValues): 401 | 404 | 405 | undefined {
  const text = values.text("dc-rpc-disabled");
  if (text === undefined) return undefined;
  const status = ([401, 404, 405] as const).find((each) => String(each) === text);
  if (status === undefined) values.refuse("dc-rpc-disabled", "401, 404 or 405", text);
  return status;
}

/** Faults of what nobody could sign in with. They do not repeat what was given. */
function readCredentials(values: OptionValues): Partial<DataCenterCredentials> {
  const absent = defaultDataCenterCredentials;
  const [token, readerToken] = [values.text("dc-token"), values.text("dc-reader-token")];
  const [username, password] = [values.text("dc-username"), values.text("dc-password")];
  for (const name of ["dc-token", "dc-reader-token"]) {
    if (/[\s,]/.test(values.text(name) ?? "")) values.fault(name, "must hold neither blanks nor commas");
  }
  if ((token ?? absent.personalAccessToken) === (readerToken ?? absent.readerToken)) {
    values.fault("dc-reader-token", "must differ from the other token");
  }
  if (username?.includes(":") === true) values.fault("dc-username", "must hold no colon");
  return given({ personalAccessToken: token, username, password, readerToken });
}

type DataCenterArguments = Pick<SandboxArguments, "dataCenter" | "dataCenterFlags">;

/** What of Data Center's arguments does not go with the world; none in most cases. */
export function checkDataCenterArguments(
  { dataCenter: { credentials }, dataCenterFlags }: DataCenterArguments,
  { dataCenter: world }: World,
): readonly string[] {
  if (world === undefined) {
    return dataCenterFlags.map((flag) => `${flag}: the world has no Data Center half to which it could apply`);
  }
  const wanted = credentials?.username?.toLowerCase();
  if (wanted === undefined) return [];
  const user = world.users.find(({ username }) => username.toLowerCase() === wanted);
  if (user === undefined) return ["--dc-username: the world has no user of that name"];
  return maySignIn(user) ? [] : [`--dc-username: that user is ${user.status}`];
}

/** The options of a command line by name, and the faults found while reading them. */
class OptionValues {
  readonly faults: string[];
  readonly #given: ReadonlyMap<string, string>;

  constructor(given: ReadonlyMap<string, string>, faults: readonly string[]) {
    this.#given = given;
    this.faults = [...faults];
  }

  has(name: string): boolean {
    return this.#given.has(name);
  }

  text(name: string): string | undefined {
    return this.#given.get(name);
  }

  /** A number that is not negative; NaN, and a fault that states the rule, where it is not fine. */
  number(name: string, absent: number, isFine: (value: number) => boolean, rule: string): number {
    const text = this.#given.get(name);
    if (text === undefined) return absent;
    const value = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
    if (!isFine(value)) this.refuse(name, rule, text);
    return value;
  }

  port(name: string, absent: number): number {
    const isPort = (value: number): boolean => Number.isInteger(value) && value <= 65_535;
    return this.number(name, absent, isPort, `a whole number from 0 to 65535, such as ${absent}`);
  }

  /** For what must not be repeated to the screen. */
  fault(name: string, problem: string): void {
    this.faults.push(`--${name}: ${problem}`);
  }

  refuse(name: string, rule: string, text: string): void {
    this.fault(name, `must be ${rule}, not '${text}'`);
  }
}

/** The options of a command line by name, a flag's value being empty, and every fault of how they are written. */
interface ReadTokens {
  readonly options: ReadonlyMap<string, string>;
  readonly faults: readonly string[];
}

/** Takes what follows as its value, or does without. */
const mayTakeValue = "dc-rpc-disabled";

/** Reads a command line as far as it can be without knowing what the options mean. */
function readTokens(argv: readonly string[]): ReadTokens {
  const faults: string[] = [];
  const options = new Map<string, string>();
  const isKnown = (name: string): name is keyof typeof commandOptions => Object.hasOwn(commandOptions, name);
  // Not strict: that would stop at the first fault, and a person wants to hear of all of them.
  const { tokens } = parseArgs({
    args: [...argv],
    options: commandOptions,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  tokens.forEach((token, at) => {
    const [before, after] = [tokens[at - 1], tokens[at + 1]];
    if (token.kind === "positional") {
      const isValue = before?.kind === "option" && before.name === mayTakeValue && before.value === undefined;
      if (!isValue) faults.push(`${token.value}: unexpected; options begin with --`);
      return;
    }
    if (token.kind !== "option") return;
    const { name, rawName, value } = token;
    if (!rawName.startsWith("--") || !isKnown(name)) {
      faults.push(`${rawName}: unknown; known are ${Object.keys(commandOptions).map(dashed).join(", ")}`);
    } else if (options.has(name)) faults.push(`${rawName}: given twice`);
    else if (name === mayTakeValue) options.set(name, value ?? (after?.kind === "positional" ? after.value : "404"));
    else if (commandOptions[name].type === "string") {
      if (value === undefined || value === "") faults.push(`${rawName}: needs a value`);
      else options.set(name, value);
    } else if (value !== undefined) faults.push(`${rawName}: takes no value`);
    else options.set(name, "");
  });
  return { options, faults };
}

function dashed(name: string): string {
  return `--${name}`;
}

/** Every option that the command takes, in the form that `parseArgs` wants. */
const commandOptions = {
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
  "dc-port": { type: "string" },
  "dc-version": { type: "string" },
  "dc-token": { type: "string" },
  "dc-reader-token": { type: "string" },
  "dc-username": { type: "string" },
  "dc-password": { type: "string" },
  "dc-rate": { type: "string" },
  "dc-basic-disabled": { type: "boolean" },
  // Its value may be left out, which `parseArgs` cannot say.
  "dc-rpc-disabled": { type: "boolean" },
  "dc-read-only": { type: "boolean" },
  "dc-licence-seats": { type: "string" },
  "dc-members-follow-nested": { type: "boolean" },
  "dc-long-task-ms": { type: "string" },
  help: { type: "boolean" },
} as const;
