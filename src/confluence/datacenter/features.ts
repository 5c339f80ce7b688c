import type { Clock } from "../../domain/Clock.js";
import { isOfKind, SiteError, siteErrorOf } from "../../domain/SiteError.js";
import type { Transport } from "../../http/Transport.js";
import { workForAll } from "../../http/Waiting.js";
import { readShape } from "../readShape.js";
import { dataCenterLimits } from "./limits.js";
import { serverInformationWire } from "./wire.js";

/** What not every site offers: since which version (`null`: not a matter of version), and how a person would call it. */
const featureVersions = {
  userList: { since: "8.4", name: "The list of all users" },
  createUser: { since: "8.4", name: "Creating users by REST" },
  updateUser: { since: "9.0", name: "Updating a user's name and e-mail" },
  /** Reading them; a refused write says nothing about this one. */
  spacePermissions: { since: "9.1", name: "Space permissions by REST" },
  spacePermissionWrites: { since: "9.1", name: "Changing space permissions by REST" },
  globalPermissions: { since: "9.3", name: "Reading global permissions" },
  activeUsers: { since: "9.3", name: "The list of users who count for the licence" },
  /** E-mail and last login on that list. */
  activeUserFacts: { since: "10.2", name: "The time of the last login" },
  /** Undocumented: the mobile app's call that tells an e-mail address. */
  profiles: { since: null, name: "The call that tells one user's e-mail address" },
  /** In the OpenAPI document of 10.0.3; since when is not said. */
  groupParents: { since: null, name: "The call that tells the groups a group is in" },
  /** The filter `spaceId` on the list of spaces: in the OpenAPI document of 10.0.3; since when is not said. */
  spacesById: { since: null, name: "Asking for spaces by id" },
  /** JSON-RPC, deprecated and everywhere unless it is switched off. */
  remoteApi: { since: null, name: "The JSON-RPC API" },
} as const satisfies Readonly<Record<string, { readonly since: string | null; readonly name: string }>>;

export type Feature = keyof typeof featureVersions;

interface Told {
  readonly version: string | null;
  /** Why nobody could be asked: no call got as far as the one that tells it. */
  readonly failure: SiteError | null;
  readonly untilMs: number;
}

/** What the site offers, decided by what answers. The version is a hint: it words reasons, and is asked where nothing was tried. */
export class DataCenterFeatures {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #missing = new Map<Feature, { readonly error: SiteError; readonly untilMs: number }>();
  /** What has answered, and until when that makes an error that could mean a missing route a passing one. */
  readonly #answered = new Map<Feature, number>();
  #told: Told | null = null;
  #asking: Promise<Told> | null = null;

  constructor(transport: Transport, clock: Clock) {
    this.#transport = transport;
    this.#clock = clock;
  }

  /** `GET /rest/api/server-information`; `null` where it is not told. Never rejects. */
  async version(): Promise<string | null> {
    if (this.#told !== null && this.#told.untilMs > this.#now()) return this.#told.version;
    this.#asking ??= workForAll(() => this.#ask()).finally(() => {
      this.#asking = null;
    });
    this.#told = await this.#asking;
    return this.#told.version;
  }

  /** The same; rejects where the site as a whole could not be asked, so that nothing is known of what it offers. */
  async requireVersion(): Promise<string | null> {
    const version = await this.version();
    const failure = this.#told?.failure ?? null;
    if (version === null && failure !== null) throw failure;
    return version;
  }

  /** Whether the site has answered a call of this feature lately. */
  hasAnswered(feature: Feature): boolean {
    return (this.#answered.get(feature) ?? 0) > this.#now();
  }

  /**
   * Makes a call that not every site offers. Rejects with `Unsupported`, naming the version that has it, when its route is
   * missing, and for a while after that without a call; any other outcome is the call's own. A 405 or a 501 may come from
   * something on the way as well: where the feature has answered lately, or the version has it, they are failures of this
   * one call and no missing route.
   */
  async whereOffered<Answer>(feature: Feature, send: () => Promise<Answer>): Promise<Answer> {
    const missing = this.#missingOf(feature);
    if (missing !== null) throw missing;
    try {
      const answer = await send();
      this.#answered.set(feature, this.#now() + dataCenterLimits.featuresRememberedMs);
      return answer;
    } catch (cause) {
      if (!isRouteMissing(cause)) throw cause;
      const { call, status } = cause;
      const version = featureVersions[feature].since === null ? null : await this.version();
      if ((status === 405 || status === 501) && this.#isThere(feature, version)) {
        throw new SiteError(status === 405 ? "RequestRejected" : "UpstreamFailed", cause.message, {
          call,
          status,
          cause,
        });
      }
      this.#answered.delete(feature);
      const reason = this.#why(feature, version);
      const error = new SiteError("Unsupported", `${cause.message} ${reason}`, { call, status, cause });
      // A 401 may be the account's, and its rights can change at any time.
      if (status !== 401)
        this.#missing.set(feature, { error, untilMs: this.#now() + dataCenterLimits.featuresRememberedMs });
      throw error;
    }
  }

  /** Why the site does not offer something, for a person; `null` as long as nothing speaks against it. What has answered is not asked for. */
  async reasonAgainst(feature: Feature): Promise<string | null> {
    if (this.#answered.has(feature)) return null;
    const version = await this.version();
    return isOlder(feature, version) === true || this.#missingOf(feature) !== null ? this.#why(feature, version) : null;
  }

  #isThere(feature: Feature, version: string | null): boolean {
    return (this.#answered.get(feature) ?? 0) > this.#now() || isOlder(feature, version) === false;
  }

  #why(feature: Feature, version: string | null): string {
    const { since, name } = featureVersions[feature];
    if (since === null) return `${name} does not answer on this site: it is switched off, or not for this account.`;
    if (isOlder(feature, version) === false)
      return `${name} is there since Confluence Data Center ${since}, and does not answer on this site, which is ${version}: it is switched off, or not let through on the way.`;
    const mine = version === null ? "this site does not offer it" : `this site is ${version}`;
    return `${name} needs Confluence Data Center ${since}; ${mine}.`;
  }

  #missingOf(feature: Feature): SiteError | null {
    const missing = this.#missing.get(feature);
    if (missing !== undefined && missing.untilMs > this.#now()) return missing.error;
    // What cannot be read by a way cannot be written by it either; the other way round nothing follows.
    return feature === "spacePermissionWrites" ? this.#missingOf("spacePermissions") : null;
  }

  async #ask(): Promise<Told> {
    const call = "GET /rest/api/server-information";
    try {
      const request = { method: "GET", call, path: "/rest/api/server-information" } as const;
      const { body } = await this.#transport.send(request);
      const { version } = readShape(serverInformationWire, body, call);
      return { version, failure: null, untilMs: this.#now() + dataCenterLimits.featuresRememberedMs };
    } catch (error) {
      const failure = siteErrorOf(error);
      const isOfCall = failure.call === call;
      const untilMs = this.#now() + dataCenterLimits.versionUntoldMs;
      return { version: null, failure: isOfCall ? null : failure, untilMs };
    }
  }

  #now(): number {
    return this.#clock.now();
  }
}

/** Whether a version comes before a feature; `null` where it is not told or unreadable, or the feature is no matter of version. */
function isOlder(feature: Feature, version: string | null): boolean | null {
  const { since } = featureVersions[feature];
  return since === null || version === null || !/^\s*\d/.test(version) ? null : isVersionBefore(version, since);
}

/**
 * Whether a call failed because the site has no such route, so that nothing was done and another way may be gone. A write
 * whose answer may be lost is no such case, whatever its status.
 */
export function isRouteMissing(error: unknown): error is SiteError {
  return isOfKind(error, "Unsupported") && !error.isAnswerLost;
}

/**
 * Whether a version (`9.2.0`, `10.2.0-m03`) comes before another. False where it cannot be read: what is not known to be
 * missing is asked for.
 */
export function isVersionBefore(version: string, since: string): boolean {
  const [mine, wanted] = [numbersOf(version), numbersOf(since)];
  if (mine.length === 0) return false;
  for (const [place, number] of wanted.entries()) {
    const difference = (mine[place] ?? 0) - number;
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function numbersOf(version: string): number[] {
  const [numbers = ""] = /^\d+(\.\d+)*/.exec(version.trim()) ?? [];
  return numbers === "" ? [] : numbers.split(".").map(Number);
}
