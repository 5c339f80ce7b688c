import { readFileSync } from "node:fs";
import { codeOfSystem } from "../Config.js";
import { faultOf, type ReadSettings } from "../settings/readSettings.js";
import type { CallersConfig, CallersFile, JwtConfig } from "./CallersConfig.js";
import { callersFromText } from "./callersFromFile.js";

/** Who may call, as the settings say; what is wrong with them is added to their faults. */
export function readCallers(read: ReadSettings, siteIds: readonly string[] | null): CallersConfig {
  const { values } = read;
  const areOperationsListed = values.OPERATIONS_FILE !== undefined;
  if (values.OPERATIONS === "listed" && !areOperationsListed) {
    read.faults.push(faultOf("OPERATIONS", "says listed, and OPERATIONS_FILE names no list"));
  }
  return {
    file: readCallersFile(read, { siteIds, areOperationsListed }),
    jwt: readJwt(read),
    operations: values.OPERATIONS ?? (areOperationsListed ? "listed" : "any"),
    limits: {
      costPerMinute: values.CALLER_COST_PER_MINUTE ?? null,
      operationsAtOnce: values.CALLER_OPERATIONS_AT_ONCE ?? null,
      writesPerMinute: values.CALLER_WRITES_PER_MINUTE ?? null,
    },
  };
}

type Known = Pick<CallersFile, "siteIds" | "areOperationsListed">;

function readCallersFile({ values, faults }: ReadSettings, known: Known): CallersFile | null {
  const path = values.CALLERS_FILE;
  if (path === undefined) return null;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    faults.push(faultOf("CALLERS_FILE", `names a file that cannot be read${codeOfSystem(error)}`));
    return null;
  }
  const report = (where: string, problem: string) => {
    const variable = where === "" ? "CALLERS_FILE" : `CALLERS_FILE ${where}`;
    faults.push({ ...faultOf("CALLERS_FILE", problem), variable, example: callersFileExample });
  };
  const entries = callersFromText(text, report, known);
  return entries === null ? null : { path, text, entries, ...known };
}

const callersFileExample = "callers: [{ name: gateway, token: 'sha256:…', scopes: [read, grant@acme] }]";

function readJwt({ values, faults }: ReadSettings): JwtConfig | null {
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_JWKS_URL: jwksUrl } = values;
  const parts = { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_JWKS_URL: jwksUrl } as const;
  const missing = (["JWT_ISSUER", "JWT_AUDIENCE", "JWT_JWKS_URL"] as const).filter((name) => parts[name] === undefined);
  if (missing.length === 3) return null;
  // One that is there and malformed has its own fault.
  const unsaid = missing.filter((name) => !faults.some(({ variable }) => variable === name));
  for (const name of unsaid) {
    faults.push(faultOf(name, "is needed: JWT_ISSUER, JWT_AUDIENCE and JWT_JWKS_URL go together"));
  }
  if (issuer === undefined || audience === undefined || jwksUrl === undefined) return null;
  return {
    ...{ issuer, audience, jwksUrl },
    skewMs: (values.JWT_CLOCK_SKEW_SECONDS ?? 0) * 1000,
    claims: {
      name: values.JWT_NAME_CLAIM ?? "sub",
      scopes: values.JWT_SCOPES_CLAIM ?? "scope",
      accounts: values.JWT_ACCOUNTS_CLAIM ?? "confluence_accounts",
    },
  };
}
