import type { SandboxClock } from "../http/SandboxClock.js";
import type { Side } from "../http/Side.js";
import type { DataCenterWorld } from "../world/World.js";
import { Authenticator } from "./Authenticator.js";
import type { ActingAs } from "./Caller.js";
import { createDataCenterService } from "./createDataCenterService.js";
import type { DataCenterCredentials } from "./DataCenterCredentials.js";
import type { DataCenterOptions } from "./DataCenterOptions.js";
import { DataCenterState } from "./state/DataCenterState.js";
import { TokenBuckets } from "./TokenBuckets.js";

/** Data Center and its state. */
export interface DataCenterSide extends Side {
  readonly state: DataCenterState;
  readonly actingAs: ActingAs;
}

/** What the Data Center side is made of. */
export interface DataCenterSideParts {
  readonly world: DataCenterWorld;
  readonly options: DataCenterOptions;
  readonly credentials: DataCenterCredentials;
  readonly clock: SandboxClock;
}

/** Loads the Data Center half of a world afresh. */
export function loadDataCenterSide({ world, options, credentials, clock }: DataCenterSideParts): DataCenterSide {
  const state = new DataCenterState(world, options.version);
  const isBasicDisabled = options.basicDisabled === true;
  const isUsernameGiven = options.credentials?.username !== undefined;
  const authenticator = new Authenticator({ state, credentials, isUsernameGiven, isBasicDisabled });
  return {
    state,
    actingAs: authenticator.actingAs(),
    services: [createDataCenterService({ state, authenticator, options, clock })],
    rate: new TokenBuckets(options.rate, (request) => {
      // The answer goes by the same identification, so whoever is to be gone by now must be.
      state.tasks.settle(clock.now());
      const identified = authenticator.identify(request);
      return "caller" in identified ? (identified.caller.user?.userKey ?? "anonymous") : "anonymous";
    }),
  };
}
