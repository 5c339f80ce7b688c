import type { Config } from "./Config.js";
import { ConfigError } from "./ConfigError.js";
import { findUnknownVariables } from "./findUnknownVariables.js";
import { isLoopbackHost } from "./isLoopbackHost.js";
import { type ReadSettings, readSettings, type SettingValues } from "./readSettings.js";
import { readSite } from "./readSite.js";
import { Secret } from "./Secret.js";

const bytesPerKib = 1024;
const bytesPerMib = 1024 * 1024;
const msPerSecond = 1000;

/**
 * Reads the whole configuration from environment variables; empty ones count as unset.
 * @throws {ConfigError} with every fault at once. No message quotes a value.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const read = readSettings(env);
  const site = readSite(read);
  const { faults } = read;
  if (isOpenToStrangers(read)) {
    faults.push({
      variable: "HOST",
      problem:
        "refuses to listen beyond loopback without caller authentication: set CALLER_TOKEN as well, or listen on 127.0.0.1",
      example: "HOST=127.0.0.1",
    });
  }
  if (faults.length > 0) throw new ConfigError(faults);
  // Without a fault every setting has its value.
  const values = read.values as SettingValues;

  const isSandboxed = site === null;
  return {
    isSandboxed,
    sites: site === null ? [] : [site],
    atlassian: { apiUrl: values.ATLASSIAN_API_URL, authUrl: values.ATLASSIAN_AUTH_URL },
    isProvisioningOn: (values.PROVISIONING ?? (isSandboxed ? "on" : "off")) === "on",
    cache: {
      maxBytes: values.CACHE_MAX_MB * bytesPerMib,
      ttlMs: {
        accounts: values.CACHE_TTL_ACCOUNTS * msPerSecond,
        groups: values.CACHE_TTL_GROUPS * msPerSecond,
        spaces: values.CACHE_TTL_SPACES * msPerSecond,
        memberships: values.CACHE_TTL_MEMBERSHIPS * msPerSecond,
        grants: values.CACHE_TTL_GRANTS * msPerSecond,
        roles: values.CACHE_TTL_ROLES * msPerSecond,
        misses: values.CACHE_TTL_MISSES * msPerSecond,
      },
    },
    upstream: { concurrency: values.CONFLUENCE_CONCURRENCY },
    server: {
      host: values.HOST,
      port: values.PORT,
      callerToken: values.CALLER_TOKEN === undefined ? null : new Secret(values.CALLER_TOKEN),
      bodyLimitBytes: values.BODY_LIMIT_KB * bytesPerKib,
      batchLimit: values.BATCH_LIMIT,
      shutdownGraceMs: values.SHUTDOWN_GRACE_SECONDS * msPerSecond,
    },
    limits: { maxQueryDepth: values.MAX_QUERY_DEPTH, maxResultNodes: values.MAX_RESULT_NODES },
    logLevel: values.LOG_LEVEL,
    warnings: findUnknownVariables(env),
  };
}

function isOpenToStrangers({ values, faults }: ReadSettings): boolean {
  if (values.HOST === undefined || isLoopbackHost(values.HOST)) return false;
  // A token that is there but malformed has its own fault already.
  return values.CALLER_TOKEN === undefined && !faults.some((fault) => fault.variable === "CALLER_TOKEN");
}
