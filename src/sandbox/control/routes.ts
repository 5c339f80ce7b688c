import type { DataCenterState } from "../datacenter/state/DataCenterState.js";
import type { SandboxClock } from "../http/clock.js";
import { isObject, type Reply, type SandboxRequest } from "../http/service.js";
import { limits } from "../limits.js";
import type { CredentialBook, CredentialChange } from "../oauth/credentials.js";
import type { InvitationBook } from "../organization/directory.js";
import type { World } from "../world/World.js";
import { type FaultBook, parseFaults } from "./faults.js";

/** What the control routes steer. */
export interface ControlParts {
  readonly journal: Journal;
  readonly faults: FaultBook;
  readonly clock: SandboxClock;
  /** Read anew for every request: a reset replaces them. */
  live(): { readonly credentials: CredentialBook; readonly invitations: InvitationBook | null };
  /** Null where the world has no Data Center half; read anew as well. */
  dataCenter(): DataCenterState | null;
  world(): World;
  /** Back to the loaded world, journal and faults cleared. */
  reset(): void;
}

const calls = [
  "GET /__sandbox/journal",
  "DELETE /__sandbox/journal",
  "GET /__sandbox/faults",
  "POST /__sandbox/faults",
  "DELETE /__sandbox/faults",
  "GET /__sandbox/faults/unhit",
  "GET /__sandbox/credentials",
  "POST /__sandbox/credentials",
  "GET /__sandbox/invitations",
  "POST /__sandbox/invitations",
  "POST /__sandbox/usernames",
  "POST /__sandbox/reset",
  "GET /__sandbox/world",
];

/** The control routes: no credential, never in the journal, no faults, no rate. */
export function answerControl(request: SandboxRequest, parts: ControlParts): Reply {
  switch (`${request.method} ${request.path}`) {
    case "GET /__sandbox/journal":
      return { status: 200, body: parts.journal.entries() };
    case "DELETE /__sandbox/journal":
      parts.journal.clear();
      return { status: 204 };
    case "GET /__sandbox/faults":
      return { status: 200, body: parts.faults.list() };
    case "POST /__sandbox/faults":
      return addFaults(request, parts.faults);
    case "DELETE /__sandbox/faults":
      parts.faults.withdraw();
      return { status: 204 };
    case "GET /__sandbox/faults/unhit":
      return { status: 200, body: parts.faults.neverHit() };
    case "GET /__sandbox/credentials":
      return { status: 200, body: parts.live().credentials.status(parts.clock.now()) };
    case "POST /__sandbox/credentials":
      return changeCredentials(request, parts);
    case "GET /__sandbox/invitations":
      return { status: 200, body: parts.live().invitations?.list() ?? [] };
    case "POST /__sandbox/invitations":
      return acceptInvitations(request, parts);
    case "POST /__sandbox/usernames":
      return renameUsers(request, parts);
    case "POST /__sandbox/reset":
      parts.reset();
      return { status: 204 };
    case "GET /__sandbox/world":
      return { status: 200, body: parts.world() };
    default:
      return { status: 404, body: { message: `There is no ${request.method} ${request.path}.`, calls } };
  }
}

/** Adds to the faults that are there; answers all of them. One bad entry and none is taken. */
function addFaults(request: SandboxRequest, book: FaultBook): Reply {
  const json = parseJson(request.body ?? "");
  const { faults, problems } =
    json === undefined ? { faults: [], problems: ["the body: is not valid JSON"] } : parseFaults(json);
  if (problems.length > 0) return { status: 400, body: { message: "The faults are not valid.", faults: problems } };
  book.add(faults);
  return { status: 200, body: book.list() };
}

/** Takes a `CredentialChange`; answers what holds now, without secrets. */
function changeCredentials(request: SandboxRequest, { live, clock }: ControlParts): Reply {
  const { change, problems } = parseCredentialChange(parseJson(request.body ?? ""));
  if (change === null) return { status: 400, body: { message: "The credentials are not valid.", faults: problems } };
  const { credentials } = live();
  credentials.change(change);
  return { status: 200, body: credentials.status(clock.now()) };
}

/** `{"accept":["somebody@example.com"]}`: stands for the people who were invited. Answers what is still pending. */
function acceptInvitations(request: SandboxRequest, { live }: ControlParts): Reply {
  const json = parseJson(request.body ?? "");
  const emails: unknown = isObject(json) ? json.accept : undefined;
  if (!Array.isArray(emails) || !emails.every((email): email is string => typeof email === "string")) {
    return { status: 400, body: { message: 'The body must look like {"accept":["somebody@example.com"]}.' } };
  }
  const { invitations } = live();
  const pending = new Set(invitations?.list().map(({ email }) => email.toLowerCase()));
  const unknown = emails.filter((email) => !pending.has(email.toLowerCase()));
  if (unknown.length > 0) return { status: 400, body: { message: `Nobody invited ${unknown.join(", ")}.` } };
  for (const email of emails) invitations?.accept(email);
  return { status: 200, body: invitations?.list() ?? [] };
}

/**
 * `{"<userKey>":"new.name"}`: what an administrator of a Data Center site does in the browser, all at once, so that a name can
 * be given to somebody else in one step. Memberships and rows stay with the person.
 */
function renameUsers(request: SandboxRequest, { dataCenter }: ControlParts): Reply {
  const state = dataCenter();
  const json = parseJson(request.body ?? "");
  const entries = isObject(json) ? Object.entries(json) : [];
  const names = entries.flatMap(([, name]) => (typeof name === "string" && name !== "" ? [name] : []));
  if (state === null || entries.length === 0 || names.length < entries.length) {
    return { status: 400, body: { message: 'The body must name users of Data Center: {"<userKey>":"new.name"}.' } };
  }
  const problem = state.renameUsers(new Map(entries.map(([key], index) => [key, names[index] ?? ""])));
  return problem === null ? { status: 204 } : { status: 400, body: { message: problem } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The change of a body, or what is wrong with it: one line a fault, each beginning with its key. */
export type ParsedCredentialChange =
  | { readonly change: CredentialChange; readonly problems: readonly [] }
  | { readonly change: null; readonly problems: readonly string[] };

type Check = (value: unknown) => string | undefined;

const secret: Check = (value) =>
  typeof value === "string" && /^\S+$/.test(value) ? undefined : "must be a text without blanks";

const checks: Readonly<Record<string, Check>> = {
  clientSecret: secret,
  apiToken: secret,
  scopedApiToken: secret,
  serviceAccountToken: secret,
  organizationApiKey: secret,
  scimKey: secret,
  scopes: checkScopes,
  tokenLifetimeSeconds: (value) =>
    Number.isSafeInteger(value) && Number(value) >= 1 ? undefined : "must be whole seconds of at least 1",
  expireTokens: (value) => (typeof value === "boolean" ? undefined : "must be true or false"),
};

const scoped = ["oauth", "scopedToken", "serviceAccountToken"];

/** Checks the body of `POST /__sandbox/credentials`, every key of it. */
function parseCredentialChange(json: unknown): ParsedCredentialChange {
  if (!isObject(json)) return { change: null, problems: ["the body: must be an object"] };
  const problems = Object.entries(json).flatMap(([key, value]) => {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    const problem = check === undefined ? `unknown; known are ${Object.keys(checks).join(", ")}` : check(value);
    return problem === undefined ? [] : [`${key}: ${problem}`];
  });
  if (problems.length > 0) return { change: null, problems };
  const { scopes } = json;
  const spread = Array.isArray(scopes) ? Object.fromEntries(scoped.map((name) => [name, scopes])) : scopes;
  return { change: { ...json, ...(spread === undefined ? {} : { scopes: spread }) } as CredentialChange, problems: [] };
}

function checkScopes(value: unknown): string | undefined {
  if (isTexts(value)) return undefined;
  const isByCredential =
    isObject(value) && Object.entries(value).every(([name, list]) => scoped.includes(name) && isTexts(list));
  return isByCredential ? undefined : `must be a list of texts, or such a list for any of ${scoped.join(", ")}`;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === "string" && text !== "");
}

/** Which of the sandbox's two Confluences. */
export type Deployment = "cloud" | "datacenter";

/** One request as it was answered. */
export interface JournalEntry {
  /** When it arrived, ISO 8601. */
  readonly at: string;
  readonly method: string;
  /** The path as sent, with its query. */
  readonly path: string;
  /** Null when the connection was cut instead of answered. */
  readonly status: number | null;
  /** From arrival to answer, latency included. */
  readonly ms: number;
  /** Whose address it was sent to. */
  readonly deployment: Deployment;
}

/** Every request except those to the control routes, in the order of their answers. Bounded: the oldest entries go first. */
export class Journal {
  #entries: JournalEntry[] = [];

  add(entry: JournalEntry): void {
    this.#entries.push(entry);
    // Dropping a tenth at a time keeps the cost of an entry constant.
    if (this.#entries.length > limits.journalEntries) this.#entries = this.#entries.slice(limits.journalEntries / 10);
  }

  entries(): readonly JournalEntry[] {
    return [...this.#entries];
  }

  clear(): void {
    this.#entries = [];
  }
}
