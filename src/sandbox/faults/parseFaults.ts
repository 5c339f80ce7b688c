import { validateHeaderName, validateHeaderValue } from "node:http";
import { compileMatch } from "./compileMatch.js";
import type { Fault } from "./Fault.js";

/** The faults of a body, or what is wrong with it: one line a fault, each beginning with its path. */
export type ParsedFaults =
  | { readonly faults: readonly Fault[]; readonly problems: readonly [] }
  | { readonly faults: readonly []; readonly problems: readonly string[] };

type Json = Readonly<Record<string, unknown>>;

/** What each key must be; a check answers what is wrong, or undefined. */
const checks: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  match: (value) =>
    typeof value === "string" && compileMatch(value) !== null
      ? undefined
      : "must look like 'GET /wiki/api/v2/spaces' (a method or *, one space, a path, an optional query)",
  times: (value) =>
    value === "always" || (Number.isSafeInteger(value) && (Number(value) >= 1 || value === -1))
      ? undefined
      : 'must be a whole number of at least 1, or -1 or "always" for good',
  status: (value) =>
    Number.isSafeInteger(value) && Number(value) >= 200 && Number(value) <= 599
      ? undefined
      : "must be an HTTP status from 200 to 599",
  headers: checkHeaders,
  body: () => undefined,
  delayMs: (value) =>
    Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= 600_000
      ? undefined
      : "must be whole milliseconds from 0 to 600000",
  reset: checkBoolean,
  after: checkBoolean,
  probability: (value) =>
    typeof value === "number" && value >= 0 && value <= 1 ? undefined : "must be a number from 0 to 1",
};

/** Checks the body of `POST /__sandbox/faults`, every entry and every key of it. */
export function parseFaults(json: unknown): ParsedFaults {
  if (!Array.isArray(json)) return { faults: [], problems: ["the body: must be a list of faults"] };
  const problems = json.flatMap((entry: unknown, at) => problemsOf(entry, `[${at}]`));
  if (problems.length > 0) return { faults: [], problems };
  return { faults: json.map((entry: unknown) => normalized(isJson(entry) ? entry : {})), problems: [] };
}

function problemsOf(entry: unknown, path: string): readonly string[] {
  if (!isJson(entry)) return [`${path}: must be an object`];
  const problems: string[] = [];
  if (!Object.hasOwn(entry, "match")) problems.push(`${path}.match: missing`);
  for (const [key, value] of Object.entries(entry)) {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    const problem = check === undefined ? "unknown key" : check(value);
    if (problem !== undefined) problems.push(`${path}.${key}: ${problem}`);
  }
  const acts = ["status", "body", "reset", "delayMs", "headers"].some((key) => Object.hasOwn(entry, key));
  if (!acts) problems.push(`${path}: does nothing; give status, body, reset, delayMs or headers`);
  if (entry.reset === true && (Object.hasOwn(entry, "status") || Object.hasOwn(entry, "body"))) {
    problems.push(`${path}.reset: a connection that is cut carries neither status nor body`);
  }
  const replaces = entry.reset === true || Object.hasOwn(entry, "status") || Object.hasOwn(entry, "body");
  if (entry.after === true && !replaces) problems.push(`${path}.after: needs reset, status or body`);
  return problems;
}

function normalized(entry: Json): Fault {
  const { times, ...rest } = entry;
  return { ...(rest as Omit<Fault, "times">), times: times === "always" ? -1 : typeof times === "number" ? times : 1 };
}

function checkBoolean(value: unknown): string | undefined {
  return typeof value === "boolean" ? undefined : "must be true or false";
}

function checkHeaders(value: unknown): string | undefined {
  if (!isJson(value)) return "must be an object of texts";
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== "string") return `'${name}' must be a text`;
    try {
      validateHeaderName(name);
      validateHeaderValue(name, text);
    } catch {
      return `'${name}' is not a header that can be sent`;
    }
  }
  return undefined;
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
