import { SiteError } from "../../domain/SiteError.js";
import type { DataCenterClient } from "./DataCenterClient.js";
import { type Feature, featureVersions } from "./featureVersions.js";
import { isRouteMissing } from "./isRouteMissing.js";
import { isVersionBefore } from "./isVersionBefore.js";
import { serverInformationWire } from "./wire/serverInformationWire.js";

/** How long it is remembered which version the site is, and which routes it lacks: an upgrade shows after that. */
const rememberedMs = 600_000;
/** How long a site that does not tell its version is not asked again. */
const untoldMs = 60_000;

interface Told {
  readonly version: string | null;
  readonly untilMs: number;
}

/** What the site offers, decided by what answers. The version is a hint: it words reasons, and is asked where nothing was tried. */
export class DataCenterFeatures {
  readonly #client: DataCenterClient;
  readonly #missing = new Map<Feature, { readonly error: SiteError; readonly untilMs: number }>();
  /** What has answered, and until when that makes an error that could mean a missing route a passing one. */
  readonly #answered = new Map<Feature, number>();
  #told: Told | null = null;
  #asking: Promise<Told> | null = null;

  constructor(client: DataCenterClient) {
    this.#client = client;
  }

  /** `GET /rest/api/server-information`; `null` where it is not told. Never rejects. */
  async version(): Promise<string | null> {
    if (this.#told !== null && this.#told.untilMs > this.#now()) return this.#told.version;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    this.#told = await this.#asking;
    return this.#told.version;
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
      this.#answered.set(feature, this.#now() + rememberedMs);
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
      if (status !== 401) this.#missing.set(feature, { error, untilMs: this.#now() + rememberedMs });
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
      const { version } = await this.#client.fetchOne(request, serverInformationWire);
      return { version, untilMs: this.#now() + rememberedMs };
    } catch (error) {
      if (!(error instanceof SiteError)) throw error;
      return { version: null, untilMs: this.#now() + untoldMs };
    }
  }

  #now(): number {
    return this.#client.clock.now();
  }
}

/** Whether a version comes before a feature; `null` where it is not told or unreadable, or the feature is no matter of version. */
function isOlder(feature: Feature, version: string | null): boolean | null {
  const { since } = featureVersions[feature];
  return since === null || version === null || !/^\s*\d/.test(version) ? null : isVersionBefore(version, since);
}
