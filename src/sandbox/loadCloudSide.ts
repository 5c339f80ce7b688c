import { createCloudService } from "./cloud/createCloudService.js";
import { CloudState } from "./cloud/state/CloudState.js";
import { RateBucket } from "./http/RateBucket.js";
import type { SandboxClock } from "./http/SandboxClock.js";
import type { Side } from "./http/Side.js";
import { limits } from "./limits.js";
import { CredentialBook } from "./oauth/CredentialBook.js";
import { createTokenService } from "./oauth/createTokenService.js";
import type { SandboxCredentials } from "./oauth/SandboxCredentials.js";
import { createOrganizationService } from "./organization/createOrganizationService.js";
import { InvitationBook } from "./organization/InvitationBook.js";
import type { SandboxOptions } from "./SandboxOptions.js";
import { createScimService } from "./scim/createScimService.js";

/** Cloud and what belongs to it. */
export interface CloudSide extends Side {
  /** Null where the world has no Cloud half. */
  readonly state: CloudState | null;
  readonly credentials: CredentialBook;
  readonly invitations: InvitationBook | null;
}

/** What the Cloud side needs beside the options: `url` is where it listens. */
export interface CloudSideParts {
  readonly options: SandboxOptions;
  readonly credentials: SandboxCredentials;
  readonly url: string;
  readonly clock: SandboxClock;
}

/** Loads the Cloud half of the world afresh. */
export function loadCloudSide({ options, credentials, url, clock }: CloudSideParts): CloudSide {
  const tokenLifetimeSeconds = options.tokenLifetimeSeconds ?? limits.tokenLifetimeSeconds;
  const lastActivePerMinute = options.lastActivePerMinute ?? limits.lastActivePerMinute;
  const { cloud } = options.world;
  const book = new CredentialBook({ credentials, scopes: options.scopes ?? {}, tokenLifetimeSeconds });
  const rate = new RateBucket(options.ratePerSecond, clock.now());
  if (cloud === undefined) return { state: null, credentials: book, invitations: null, services: [], rate };
  const state = new CloudState(cloud, options.hiddenEmails);
  const invitations = new InvitationBook(state);
  return {
    state,
    credentials: book,
    invitations,
    services: [
      createCloudService({ state, siteUrl: url, credentials: book, clock }),
      createTokenService({ credentials: book, clock }),
      createOrganizationService({ state, credentials: book, invitations, lastActivePerMinute, clock }),
      createScimService({
        state,
        credentials: book,
        origin: url,
        clock,
        showsDeleted: options.scimShowsDeleted === true,
      }),
    ],
    rate,
  };
}
