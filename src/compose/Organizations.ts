import { certificateAdvice, type OrganizationConfig } from "../config/sites/SiteConfig.js";
import { organizationLimits } from "../confluence/limits.js";
import { type ActivityWays, createOrganization } from "../confluence/organization/users.js";
import type { Organization } from "../confluence/organizationPort.js";
import type { FleetEngine } from "../fleet/FleetEngine.js";
import { ConcurrencyLimit } from "../http/admission/ConcurrencyLimit.js";
import { RateLimiter } from "../http/admission/RateLimiter.js";
import { CallTally } from "../http/CallTally.js";
import { createTransport, type TransportOptions } from "../http/createTransport.js";
import { behindOthers, type Transport } from "../http/Transport.js";

interface Shared extends Omit<TransportOptions, "baseUrl" | "authorization" | "concurrencyLimit"> {
  /** What calls that nobody waits for may take, of 1. */
  readonly backgroundShare?: number;
  /** What processes share; `null`, or left out, where there is nothing. */
  readonly fleet?: FleetEngine | null;
}

/** What is limited by itself. */
type Way = "admin" | "scim" | "activity" | "surveys";

interface Connection {
  readonly admin: Transport;
  readonly scim: { readonly directoryId: string; readonly transport: Transport } | null;
  readonly activity: ActivityWays;
}

/** The organizations of all sites. Sites of one organization share its concurrency limits and its rate limiters: its limits are its own. */
export class Organizations {
  /** What became of the calls of all of them. */
  readonly tally = new CallTally();
  readonly #shared: Shared;
  readonly #connections = new Map<string, Connection>();

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  /** The organization as one of its sites sees it; the calls of what nobody waits for go behind the others'. */
  of(config: OrganizationConfig, apiUrl: string, cloudId: () => Promise<string>, isBackground = false): Organization {
    const key = JSON.stringify([
      apiUrl,
      config.orgId,
      config.apiKey.reveal(),
      config.scim?.directoryId,
      config.scim?.key.reveal(),
    ]);
    const connection = this.#connections.get(key) ?? this.#connect(config, apiUrl);
    this.#connections.set(key, connection);
    const { admin, scim, activity } = connection;
    return createOrganization({
      orgId: config.orgId,
      transport: isBackground ? behindOthers(admin) : admin,
      scim,
      activity,
      cloudId,
      clock: this.#shared.clock,
    });
  }

  /** For who is done with all sites: sites of one organization share its connections, and none of them may close them. */
  async close(): Promise<void> {
    const transports = [...this.#connections.values()].flatMap(({ admin, activity, scim }) =>
      [admin, activity.people.transport, scim?.transport ?? []].flat(),
    );
    await Promise.all(transports.map((transport) => transport.close()));
  }

  #connect({ apiKey, scim, orgId }: OrganizationConfig, apiUrl: string): Connection {
    const { clock, backgroundShare, fleet: engine = null } = this.#shared;
    const { concurrency } = organizationLimits;
    const share = backgroundShare === undefined ? {} : { backgroundShare };
    const fleetOf = (way: Way, header: string) =>
      engine && { engine, scope: JSON.stringify(["organization", apiUrl, orgId, way, header]) };
    const open = (way: Way, baseUrl: string, header: string) =>
      createTransport({
        ...this.#shared,
        tally: this.tally,
        name: "organization",
        baseUrl,
        certificateAdvice,
        authorization: { header: () => header },
        concurrencyLimit: new ConcurrencyLimit({ concurrency, clock, ...share, fleet: fleetOf(way, header) }),
        classifyError: ({ status }) => (status === 401 ? { advice: rejected(baseUrl === apiUrl) } : undefined),
      });
    const admin = `Bearer ${apiKey.reveal()}`;
    const limiterOf = (callsAMinute: number, way: Way) =>
      new RateLimiter({ callsAMinute, clock, fleet: fleetOf(way, admin) });
    // Its 429 asks for up to a minute, which would close all of the organization if it came over the same connection.
    const transport = open("activity", `${apiUrl}/admin`, admin);
    const rateLimiter = limiterOf(organizationLimits.lastActiveAMinute, "activity");
    const surveys = limiterOf(organizationLimits.surveyedAMinute, "surveys");
    return {
      admin: open("admin", `${apiUrl}/admin`, admin),
      scim:
        scim === null
          ? null
          : { directoryId: scim.directoryId, transport: open("scim", apiUrl, `Bearer ${scim.key.reveal()}`) },
      activity: {
        people: { transport, rateLimiter, share: null },
        surveys: { transport: behindOthers(transport), rateLimiter, share: surveys },
      },
    };
  }
}

function rejected(isScim: boolean): string {
  return isScim
    ? "The key of the synchronised directory is wrong or revoked: put the current ATLASSIAN_SCIM_KEY in place."
    : "The organization API key is wrong, expired or revoked: put a current ATLASSIAN_ORG_API_KEY in place.";
}
