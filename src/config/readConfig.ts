import { type Config, ConfigError, isLoopbackHost, type RecordConfig, type RecordPlace } from "./Config.js";
import { readCallers } from "./callers/readCallers.js";
import { readFleet } from "./fleet/readFleet.js";
import { readOperations } from "./operations/readOperations.js";
import { readProxy, spellProxies } from "./readProxy.js";
import { readTracing } from "./readTracing.js";
import { Secret } from "./Secret.js";
import {
  faultOf,
  findUnknownVariables,
  type ReadSettings,
  readSecretFiles,
  readSettings,
  type SettingValues,
} from "./settings/readSettings.js";
import type { SiteConfig } from "./sites/SiteConfig.js";
import { readOrganization, readSite } from "./sites/siteFromVariables.js";
import { readSitesFile } from "./sites/sitesFromFile.js";

const bytesPerKib = 1024;
const bytesPerMib = 1024 * 1024;
const msPerSecond = 1000;
const msPerMinute = 60_000;
const msPerDay = 86_400_000;

/**
 * Reads the whole configuration from environment variables; empty ones count as unset.
 * @throws {ConfigError} with every fault at once. No message quotes a value.
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const files = readSecretFiles(environment);
  const env = spellProxies(files.env);
  const read = readSettings(env);
  const { faults } = read;
  faults.push(...files.faults);
  const sites = readSites(read, env);
  const proxy = readProxy(read, faults);
  const operations = readOperations(read);
  const tracing = readTracing(read);
  const fleet = readFleet(read);
  const callers = readCallers(read, sites.length === 0 ? null : sites.map(({ siteId }) => siteId));
  if (isOpenToStrangers(read)) {
    faults.push({
      variable: "HOST",
      problem:
        "refuses to listen beyond loopback without caller authentication: set CALLER_TOKEN, CALLERS_FILE or JWT_ISSUER as well, or listen on 127.0.0.1",
      example: "HOST=127.0.0.1",
    });
  }
  const { METRICS_PORT, METRICS_HOST, METRICS_TOKEN } = read.values;
  if (METRICS_PORT !== undefined && METRICS_TOKEN === undefined && isOpenToStrangers(read, METRICS_HOST)) {
    faults.push(
      faultOf("METRICS_HOST", "refuses to listen beyond loopback without METRICS_TOKEN or caller authentication"),
    );
  }
  if (read.values.STATE_DIR !== undefined && read.values.DATABASE_URL !== undefined) {
    faults.push(faultOf("STATE_DIR", "is set together with DATABASE_URL: keep one of them"));
  }
  if (faults.length > 0) throw new ConfigError(faults);
  // Without a fault every setting has its value.
  const values = read.values as SettingValues;

  const isSandboxed = sites.length === 0;
  return {
    isSandboxed,
    sites,
    isProvisioningOn: isSandboxed && values.PROVISIONING !== "off",
    auditLog: values.AUDIT_LOG,
    record: recordOf(values),
    cache: {
      maxBytes: values.CACHE_MAX_MB * bytesPerMib,
      maxAnswerBytes: values.ANSWER_CACHE_MB * bytesPerMib,
      maxOverdueMs: values.STALE_ON_FAILURE_MINUTES * msPerMinute,
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
    fleet,
    index: {
      isWarm: values.INDEX_WARM === "on",
      ttlMs: values.INDEX_TTL * msPerMinute,
      quotaShare: values.INDEX_QUOTA_SHARE,
    },
    upstream: { concurrency: values.CONFLUENCE_CONCURRENCY },
    proxy,
    server: {
      host: values.HOST,
      port: values.PORT,
      callerToken: values.CALLER_TOKEN === undefined ? null : new Secret(values.CALLER_TOKEN),
      bodyLimitBytes: values.BODY_LIMIT_KB * bytesPerKib,
      maxResponseBytes: values.MAX_RESPONSE_MB * bytesPerMib,
      batchLimit: values.BATCH_LIMIT,
      requestTimeLimitMs: values.REQUEST_TIME_LIMIT_SECONDS * msPerSecond,
      shutdownGraceMs: values.SHUTDOWN_GRACE_SECONDS * msPerSecond,
      isGraphiqlServed: values.GRAPHIQL === "on",
      isIntrospectionOn: values.INTROSPECTION === "on",
      arePersistedQueriesTaken: values.APQ === "on",
      operations,
      isTraceToldToSites: values.TRACE_SITES === "on",
      isCompressionOn: values.COMPRESSION === "on",
      areCacheHintsTold: values.CACHE_HINTS === "on",
      corsOrigins: values.CORS_ORIGINS ?? [],
      metrics: {
        token: values.METRICS_TOKEN === undefined ? null : new Secret(values.METRICS_TOKEN),
        ownPort: values.METRICS_PORT === undefined ? null : { host: values.METRICS_HOST, port: values.METRICS_PORT },
      },
    },
    schema: {
      prefix: values.SCHEMA_PREFIX ?? "",
      sharesIdentity: values.SHARED_IDENTITY === "on",
      hasNodeFields: (values.NODE_FIELDS ?? (values.SCHEMA_PREFIX === undefined ? "on" : "off")) === "on",
    },
    callers,
    tracing,
    duties: {
      isReasonRequired: values.REQUIRE_REASON === "on",
      isRequestedByRequired: values.REQUIRE_REQUESTED_BY === "on",
    },
    policy:
      values.POLICY_URL === undefined
        ? null
        : {
            url: values.POLICY_URL,
            token: values.POLICY_TOKEN === undefined ? null : new Secret(values.POLICY_TOKEN),
            timeLimitMs: values.POLICY_TIME_LIMIT_SECONDS * msPerSecond,
          },
    limits: {
      maxQueryDepth: values.MAX_QUERY_DEPTH,
      maxCost: values.MAX_QUERY_COST,
      maxReferences: values.MAX_REFERENCES,
    },
    areGapsInErrors: values.GAPS_IN_ERRORS === "on",
    readyWhen: values.READY_WHEN,
    logLevel: values.LOG_LEVEL,
    warnings: findUnknownVariables(environment),
  };
}

function recordOf({ STATE_DIR, DATABASE_URL, RECORD_RETENTION_DAYS }: SettingValues): RecordConfig {
  const place: RecordPlace =
    DATABASE_URL !== undefined
      ? { kind: "database", url: new Secret(DATABASE_URL) }
      : STATE_DIR !== undefined
        ? { kind: "directory", directory: STATE_DIR }
        : { kind: "memory" };
  return { place, retentionMs: RECORD_RETENTION_DAYS === undefined ? null : RECORD_RETENTION_DAYS * msPerDay };
}

/** The sites of the file, or the one of the plain variables, or none. */
function readSites(read: ReadSettings, env: NodeJS.ProcessEnv): SiteConfig[] {
  const { values, faults } = read;
  const organization = readOrganization(read);
  const site = readSite(read, organization);
  if (values.SITES_FILE === undefined) return site === null ? [] : [site];
  if (values.CONFLUENCE_URL !== undefined) {
    faults.push(faultOf("SITES_FILE", "is set together with CONFLUENCE_URL: keep one of them"));
  }
  return readSitesFile({
    path: values.SITES_FILE,
    env,
    concurrency: values.CONFLUENCE_CONCURRENCY ?? 0,
    isProvisioningOn: values.PROVISIONING === "on",
    organization,
    atlassian: { apiUrl: values.ATLASSIAN_API_URL ?? "", authUrl: values.ATLASSIAN_AUTH_URL ?? "" },
    faults,
  });
}

function isOpenToStrangers({ values, faults }: ReadSettings, host = values.HOST): boolean {
  if (host === undefined || isLoopbackHost(host)) return false;
  const ways = ["CALLER_TOKEN", "CALLERS_FILE", "JWT_ISSUER"] as const;
  // What is there but malformed has its own fault already.
  return ways.every((way) => values[way] === undefined && !faults.some(({ variable }) => variable.startsWith(way)));
}
