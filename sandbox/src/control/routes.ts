import type { DataCenterState } from "../datacenter/state/DataCenterState.js";
import { isObject, isTexts, type Reply, type SandboxClock, type SandboxRequest } from "../http/service.js";
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

/** The control routes, as a 404 of them lists them. */
const routes: Readonly<Record<string, (parts: ControlParts, request: SandboxRequest) => Reply>> = {
  "GET /__sandbox/journal": ({ journal }) => ({ status: 200, body: journal.entries() }),
  "DELETE /__sandbox/journal": ({ journal }, { query }) => {
    journal.clear(Number(query.get("first") ?? Number.POSITIVE_INFINITY));
    return { status: 204 };
  },
  "GET /__sandbox/faults": ({ faults }) => ({ status: 200, body: faults.list() }),
  "POST /__sandbox/faults": addFaults,
  "DELETE /__sandbox/faults": ({ faults }) => {
    faults.withdraw();
    return { status: 204 };
  },
  "GET /__sandbox/faults/unhit": ({ faults }) => ({ status: 200, body: faults.neverHit() }),
  "GET /__sandbox/credentials": ({ live, clock }) => ({ status: 200, body: live().credentials.status(clock.now()) }),
  "POST /__sandbox/credentials": changeCredentials,
  "GET /__sandbox/invitations": ({ live }) => ({ status: 200, body: live().invitations?.list() ?? [] }),
  "POST /__sandbox/invitations": acceptInvitations,
  "POST /__sandbox/usernames": renameUsers,
  "POST /__sandbox/reset": ({ reset }) => {
    reset();
    return { status: 204 };
  },
  "GET /__sandbox/world": ({ world }) => ({ status: 200, body: world() }),
};

/** Answers a control route: no credential, never in the journal, no faults, no rate. */
export function answerControl(request: SandboxRequest, parts: ControlParts): Reply {
  const call = `${request.method} ${request.path}`;
  const route = Object.hasOwn(routes, call) ? routes[call] : undefined;
  return (
    route?.(parts, request) ?? { status: 404, body: { message: `There is no ${call}.`, calls: Object.keys(routes) } }
  );
}

/** Adds to the faults that are there; answers all of them. One bad entry and none is taken. */
function addFaults({ faults: book }: ControlParts, { body }: SandboxRequest): Reply {
  const json = parseJson(body);
  const { faults, problems } =
    json === undefined ? { faults: [], problems: ["the body: is not valid JSON"] } : parseFaults(json);
  if (problems.length > 0) return { status: 400, body: { message: "The faults are not valid.", faults: problems } };
  book.add(faults);
  return { status: 200, body: book.list() };
}

/** Takes a `CredentialChange`; answers what holds now, without secrets. */
function changeCredentials({ live, clock }: ControlParts, { body }: SandboxRequest): Reply {
  const { change, problems } = parseCredentialChange(parseJson(body));
  if (change === null) return { status: 400, body: { message: "The credentials are not valid.", faults: problems } };
  const { credentials } = live();
  credentials.change(change);
  return { status: 200, body: credentials.status(clock.now()) };
}

/** `{"accept":["somebody@example.com"]}`: stands for the people who were invited. Answers what is still pending. */
function acceptInvitations({ live }: ControlParts, { body }: SandboxRequest): Reply {
  const json = parseJson(body);
  const emails: unknown = isObject(json) ? json.accept : undefined;
  if (!isTexts(emails)) {
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
function renameUsers({ dataCenter }: ControlParts, { body }: SandboxRequest): Reply {
  const state = dataCenter();
  const json = parseJson(body);
  const entries = isObject(json) ? Object.entries(json) : [];
  const names = entries.flatMap(([, name]) => (typeof name === "string" && name !== "" ? [name] : []));
  if (state === null || entries.length === 0 || names.length < entries.length) {
    return { status: 400, body: { message: 'The body must name users of Data Center: {"<userKey>":"new.name"}.' } };
  }
  const problem = state.renameUsers(new Map(entries.map(([key], index) => [key, names[index] ?? ""])));
  return problem === null ? { status: 204 } : { status: 400, body: { message: problem } };
}

/** Undefined for what is no JSON. */
function parseJson(body: SandboxRequest["body"]): unknown {
  try {
    return JSON.parse(body ?? "");
  } catch {
    return undefined;
  }
}

/** The change of a body, or what is wrong with it: one line a fault, each beginning with its key. */
type ParsedCredentialChange =
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
  if (isScopes(value)) return undefined;
  const isByCredential =
    isObject(value) && Object.entries(value).every(([name, list]) => scoped.includes(name) && isScopes(list));
  return isByCredential ? undefined : `must be a list of texts, or such a list for any of ${scoped.join(", ")}`;
}

function isScopes(value: unknown): boolean {
  return isTexts(value) && !value.includes("");
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
  /** As sent, other than with GET; left out where there is none, or a long one. */
  readonly body?: string;
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

  /** @param first so many of the oldest entries: whoever has read them lets go of no others. */
  clear(first = Number.POSITIVE_INFINITY): void {
    this.#entries = this.#entries.slice(first);
  }
}
