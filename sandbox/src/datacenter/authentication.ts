import type { SandboxRequest } from "../http/service.js";
import { isSameSecret } from "../oauth/credentials.js";
import type { DataCenterUser } from "../world/World.js";
import type { DataCenterCredentials } from "./options.js";
import type { DataCenterState } from "./state/DataCenterState.js";
import { mayAdministerSite, type Subject, useSite } from "./state/spaces.js";

/** Who calls, and what that opens. */
export interface Caller {
  /** Null for anonymous. */
  readonly user: DataCenterUser | null;
  /** Whose permissions count for it: its own, its groups' with those above them, anonymous's where it may use the site. */
  readonly subjects: readonly Subject[];
  /** By a group of administrators or by a global permission: opens what only administrators may ask and change. */
  readonly isAdministrator: boolean;
  /** In a group of administrators: sees every space, whatever its permissions say. */
  readonly isSuperUser: boolean;
  /** Whether it may use the site at all: licensed, or an administrator. */
  readonly mayUse: boolean;
}

/** Whom the credentials of the Data Center half act as; null for nobody: such a credential is refused. */
export interface ActingAs {
  /** Of the personal access token and of the password. */
  readonly administrator: { readonly username: string; readonly isAdministrator: boolean } | null;
  readonly reader: { readonly username: string } | null;
}

/** Whether a user's credentials are good. Who has no licence may sign in, and then may do next to nothing. */
export function maySignIn({ status }: DataCenterUser): boolean {
  return status === "current" || status === "unlicensed";
}

const anonymous = { kind: "anonymous" } as const;

/** What somebody, or null for anonymous, may do by the state as it is now. */
function evaluateCaller({ groups, globals, administrators }: DataCenterState, user: DataCenterUser | null): Caller {
  // What anonymous was granted has no effect while it may not use the site.
  const mayAnonymousUse = globals.has(anonymous, useSite);
  const shared: readonly Subject[] = mayAnonymousUse ? [anonymous] : [];
  if (user === null) {
    return { user, subjects: shared, isAdministrator: false, isSuperUser: false, mayUse: mayAnonymousUse };
  }
  const above = groups.withAncestors(groups.of(user.username));
  const own: readonly Subject[] = [
    { kind: "user", userKey: user.userKey },
    ...above.map((name) => ({ kind: "group", name }) as const),
  ];
  const named = new Set(administrators.map((name) => name.toLowerCase()));
  const isSuperUser = above.some((name) => named.has(name.toLowerCase()));
  const isAdministrator = isSuperUser || own.some((subject) => mayAdministerSite(globals, subject));
  // Anonymous's right to use the site licenses nobody who is signed in.
  const isLicensed = user.status === "current" && own.some((subject) => globals.has(subject, useSite));
  return { user, subjects: [...own, ...shared], isAdministrator, isSuperUser, mayUse: isAdministrator || isLicensed };
}

/** Who a request is by, or why it is refused whatever it asks for. */
type Identified = { readonly caller: Caller } | { readonly refusal: "bad-token" | "bad-password" | "basic-off" };

/** What the authenticator needs to know. */
interface AuthenticatorParts {
  readonly state: DataCenterState;
  readonly credentials: DataCenterCredentials;
  /** Whether somebody chose the user name: then it means that user and nobody in its place. */
  readonly isUsernameGiven: boolean;
  readonly isBasicDisabled: boolean;
}

/** Tells who calls by the `Authorization` header. */
export class Authenticator {
  readonly #parts: AuthenticatorParts;
  /** Users are held by key: they may be renamed meanwhile. Undefined where the world has nobody to act as. */
  readonly #administratorKey: string | undefined;
  readonly #readerKey: string | undefined;
  /** A request is asked about several times, and its answer does not change meanwhile. */
  readonly #identified = new WeakMap<SandboxRequest, Identified>();

  constructor(parts: AuthenticatorParts) {
    this.#parts = parts;
    this.#administratorKey = this.#chooseAdministrator()?.userKey;
    this.#readerKey = this.#chooseReader()?.userKey;
  }

  /**
   * A bearer token wins over a password. One that is not known makes the caller anonymous where anonymous may use the site
   * (2026-11-21, test "runs a bad token as anonymous where anonymous may use the site"); a wrong password never does.
   */
  identify(request: SandboxRequest): Identified {
    const known = this.#identified.get(request);
    if (known !== undefined) return known;
    const identified = this.#identify(request.headers.authorization);
    this.#identified.set(request, identified);
    return identified;
  }

  /** Whom the credentials act as, as things are now. */
  actingAs(): ActingAs {
    const [administrator, reader] = [this.#signedIn(this.#administratorKey), this.#signedIn(this.#readerKey)];
    return {
      administrator:
        administrator === undefined
          ? null
          : { username: administrator.username, isAdministrator: this.#evaluate(administrator).isAdministrator },
      reader: reader === undefined ? null : { username: reader.username },
    };
  }

  #identify(header: string | undefined): Identified {
    const anonymous = this.#evaluate(null);
    const token = /(?:^|,) *Bearer +([^\s,]+)/i.exec(header ?? "")?.[1];
    if (token !== undefined) {
      const user = this.#userOfToken(token);
      if (user !== undefined) return { caller: this.#evaluate(user) };
      return anonymous.mayUse ? { caller: anonymous } : { refusal: "bad-token" };
    }
    const encoded = /(?:^|,) *Basic +([A-Za-z0-9+/]+={0,2})/i.exec(header ?? "")?.[1];
    if (encoded === undefined) return { caller: anonymous };
    if (this.#parts.isBasicDisabled) return { refusal: "basic-off" };
    const user = this.#userOfPassword(Buffer.from(encoded, "base64").toString("utf8"));
    return user === undefined ? { refusal: "bad-password" } : { caller: this.#evaluate(user) };
  }

  #evaluate(user: DataCenterUser | null): Caller {
    return evaluateCaller(this.#parts.state, user);
  }

  /** In a world of one's own the user of the usual name may be disabled, or administer nothing: then the first who does. */
  #chooseAdministrator(): DataCenterUser | undefined {
    const { state, credentials, isUsernameGiven } = this.#parts;
    const named = state.users.byName(credentials.username);
    if (isUsernameGiven) return named !== undefined && maySignIn(named) ? named : undefined;
    if (named?.status === "current" && this.#evaluate(named).isSuperUser) return named;
    return state.users.all().find((user) => user.status === "current" && this.#evaluate(user).isAdministrator);
  }

  /** The first active user who administers nothing, those before who may use the site. */
  #chooseReader(): DataCenterUser | undefined {
    let second: DataCenterUser | undefined;
    for (const user of this.#parts.state.users.all()) {
      if (user.status !== "current" || user.userKey === this.#administratorKey) continue;
      const { isAdministrator, mayUse } = this.#evaluate(user);
      if (isAdministrator) continue;
      if (mayUse) return user;
      second ??= user;
    }
    return second;
  }

  #userOfToken(token: string): DataCenterUser | undefined {
    const { personalAccessToken, readerToken } = this.#parts.credentials;
    if (isSameSecret(token, personalAccessToken)) return this.#signedIn(this.#administratorKey);
    if (isSameSecret(token, readerToken)) return this.#signedIn(this.#readerKey);
    return undefined;
  }

  #userOfPassword(given: string): DataCenterUser | undefined {
    const { username, password } = this.#parts.credentials;
    const colon = given.indexOf(":");
    const isName = given.slice(0, Math.max(0, colon)).toLowerCase() === username.toLowerCase();
    return isName && isSameSecret(given.slice(colon + 1), password)
      ? this.#signedIn(this.#administratorKey)
      : undefined;
  }

  /** A credential of somebody who was deactivated or deleted is as good as none. */
  #signedIn(userKey: string | undefined): DataCenterUser | undefined {
    const user = userKey === undefined ? undefined : this.#parts.state.users.byKey(userKey);
    return user !== undefined && maySignIn(user) ? user : undefined;
  }
}
