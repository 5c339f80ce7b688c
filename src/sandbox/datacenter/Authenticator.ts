import type { SandboxRequest } from "../http/SandboxRequest.js";
import { isSameSecret } from "../oauth/isSameSecret.js";
import type { DataCenterUser } from "../world/World.js";
import { type ActingAs, type Caller, evaluateCaller, maySignIn } from "./Caller.js";
import type { DataCenterCredentials } from "./DataCenterCredentials.js";
import type { DataCenterState } from "./state/DataCenterState.js";

/** Who a request is by, or why it is refused whatever it asks for. */
export type Identified = { readonly caller: Caller } | { readonly refusal: "bad-token" | "bad-password" | "basic-off" };

/** What the authenticator needs to know. */
export interface AuthenticatorParts {
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
