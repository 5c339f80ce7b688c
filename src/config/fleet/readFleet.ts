import type { ConfigFault } from "../Config.js";
import { isLoopbackHost } from "../Config.js";
import { Secret } from "../Secret.js";
import { faultOf, faultOfSuperfluous, type ReadSettings } from "../settings/readSettings.js";
import { readCertificates } from "../sites/resolveSite.js";
import type { EngineAddress, FleetConfig } from "./FleetConfig.js";

const usualPort = 6379;

/** What processes share, as the settings say; what is wrong with them is added to their faults. */
export function readFleet({ values, faults }: ReadSettings): FleetConfig | null {
  const { CACHE_URL: url, CACHE_KEY: keys, CACHE_NAME_KEY: nameKey, CACHE_CA_FILE: caFile } = values;
  if (url === undefined) {
    if (!faults.some(({ variable }) => variable.startsWith("CACHE_URL"))) {
      const alone = "is of no use without CACHE_URL: set that as well, or leave this out";
      if (keys !== undefined) faults.push(faultOfSuperfluous("CACHE_KEY", alone));
      if (nameKey !== undefined) faults.push(faultOfSuperfluous("CACHE_NAME_KEY", alone));
      if (caFile !== undefined) faults.push(faultOfSuperfluous("CACHE_CA_FILE", alone));
    }
    return null;
  }
  const tell = (problem: string) => void faults.push(faultOf("CACHE_URL", problem));
  const address = addressOf(url, tell);
  if (address === null) return null;
  const isHere = address.path !== null || isLoopbackHost(address.host);
  const isKeyFaulty = faults.some(({ variable }) => variable.startsWith("CACHE_KEY"));
  if (!isHere && keys === undefined && !isKeyFaulty) {
    faults.push(
      faultOf(
        "CACHE_KEY",
        "is required, because CACHE_URL is not on this machine: without it anyone there could read what is kept",
      ),
    );
  }
  if (nameKey !== undefined && keys === undefined && !isKeyFaulty) {
    const made = "is of no use without CACHE_KEY, which is made of other secrets then, and they are replaced with them";
    faults.push(faultOfSuperfluous("CACHE_NAME_KEY", `${made}: set that as well, or leave this out`));
  }
  return {
    address: { ...address, ca: readAuthority(caFile, address, faults) },
    keys: (keys ?? []).map((key) => new Secret(key)),
    nameKey: nameKey === undefined ? null : new Secret(nameKey),
    expectedProcesses: values.CACHE_EXPECTED_PROCESSES ?? 1,
  };
}

function readAuthority(file: string | undefined, { isSafe }: EngineAddress, faults: ConfigFault[]): string | null {
  if (file === undefined) return null;
  if (!isSafe) {
    faults.push(
      faultOfSuperfluous(
        "CACHE_CA_FILE",
        "is of no use, because CACHE_URL is not over TLS: begin that with rediss://, or leave this out",
      ),
    );
    return null;
  }
  return readCertificates(file, (problem) => void faults.push(faultOf("CACHE_CA_FILE", problem)));
}

/** The parts of an address, or `null` after telling what is wrong. */
function addressOf(text: string, tell: (problem: string) => void): EngineAddress | null {
  const url = new URL(text);
  const isSocket = url.protocol === "unix:";
  const unknown = [...url.searchParams.keys()].filter((name) => name !== "cluster" && !(isSocket && name === "db"));
  if (unknown.length > 0) {
    tell("may carry no parameters but cluster=true, and db=1 behind a path");
    return null;
  }
  const cluster = url.searchParams.get("cluster");
  if (cluster !== null && cluster !== "true" && cluster !== "false") {
    tell("must say cluster=true, or nothing of a cluster");
    return null;
  }
  const isCluster = cluster === "true";
  const database = isSocket ? (url.searchParams.get("db") ?? "0") : url.pathname.replace(/^\//, "") || "0";
  if (!/^\d{1,5}$/.test(database)) {
    tell("must end with the port, or with the number of a database: redis://host:6379/0");
    return null;
  }
  if (isCluster && (isSocket || database !== "0")) {
    tell(isSocket ? "cannot be both a path and a cluster" : "cannot name a database of a cluster: it has but one");
    return null;
  }
  const words = [url.username, url.password].map(decoded);
  if (words.includes(null)) {
    tell("has a % in its user name or password that encodes nothing: write it as %25");
    return null;
  }
  const [username, password] = words;
  if (!isSocket && url.hostname === "") {
    tell("must name a host: redis://host:6379");
    return null;
  }
  if (username !== "" && password === "") {
    tell("has a user name without a password: redis://user:password@host:6379");
    return null;
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? usualPort : Number(url.port),
    path: isSocket ? (decoded(url.pathname) ?? url.pathname) : null,
    isCluster,
    isSafe: url.protocol === "rediss:" || url.protocol === "valkeys:",
    ca: null,
    username: username === undefined || username === "" ? null : (username ?? null),
    password: password === undefined || password === null || password === "" ? null : new Secret(password),
    database: Number(database),
  };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
