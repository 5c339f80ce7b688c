import { certificateAdvice, type OrganizationConfig } from "../config/sites/SiteConfig.js";
import { organizationLimits } from "../confluence/limits.js";
import { type ActivityWays, createOrganization } from "../confluence/organization/users.js";
import type { Organization } from "../confluence/organizationPort.js";
import { ConcurrencyLimit } from "../http/admission/ConcurrencyLimit.js";
import { CallTally } from "../http/CallTally.js";
import { createTransport, type TransportOptions } from "../http/createTransport.js";
import { RateLimiter } from "../http/rateLimits.js";
import { behindOthers, type Transport } from "../http/Transport.js";

interface Shared extends Omit<TransportOptions, "baseUrl" | "authorization" | "concurrencyLimit"> {
  /** What calls that nobody waits for may take, of 1. */
  readonly backgroundShare?: number;
}

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

  #connect({ apiKey, scim }: OrganizationConfig, apiUrl: string): Connection {
    const { clock, backgroundShare } = this.#shared;
    const { concurrency } = organizationLimits;
    const share = backgroundShare === undefined ? {} : { backgroundShare };
    const open = (baseUrl: string, header: string) =>
      createTransport({
        ...this.#shared,
        tally: this.tally,
        name: "organization",
        baseUrl,
        certificateAdvice,
        authorization: { header: () => header },
        concurrencyLimit: new ConcurrencyLimit({ concurrency, clock, ...share }),
        classifyError: ({ status }) => (status === 401 ? { advice: rejected(baseUrl === apiUrl) } : undefined),
      });
    const limiterOf = (callsAMinute: number) => new RateLimiter({ callsAMinute, clock });
    // Its 429 asks for up to a minute, which would close all of the organization if it came over the same connection.
    const transport = open(`${apiUrl}/admin`, `Bearer ${apiKey.reveal()}`);
    const rateLimiter = limiterOf(organizationLimits.lastActiveAMinute);
    const surveys = limiterOf(organizationLimits.surveyedAMinute);
    return {
      admin: open(`${apiUrl}/admin`, `Bearer ${apiKey.reveal()}`),
      scim:
        scim === null
          ? null
          : { directoryId: scim.directoryId, transport: open(apiUrl, `Bearer ${scim.key.reveal()}`) },
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
