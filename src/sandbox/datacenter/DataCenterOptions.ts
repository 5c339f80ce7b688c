import type { DataCenterCredentials } from "./DataCenterCredentials.js";
import type { TokenBucketRate } from "./TokenBuckets.js";

/** How the Data Center half of a sandbox is to behave. */
export interface DataCenterOptions {
  /** Such as `8.3`; the world's by default. It decides which routes there are. */
  readonly version?: string;
  /** Each user's own bucket. Without it nothing is refused. */
  readonly rate?: TokenBucketRate;
  /** Passwords are refused with 403. */
  readonly basicDisabled?: boolean;
  /** `member` lists the members of child groups as well. */
  readonly membersFollowNested?: boolean;
  /** Users, groups and memberships come from LDAP: nothing of them can be written. */
  readonly readOnlyDirectory?: boolean;
  /** JSON-RPC is switched off and answers this status; `true` is 404. */
  readonly rpcDisabled?: boolean | 401 | 404 | 405;
  /** How long long tasks take; 500 by default. */
  readonly longTaskMs?: number;
  /** How many licensed users there may be; no bound by default. */
  readonly licenceSeats?: number;
  /**
   * The only secrets that are accepted; `defaultDataCenterCredentials` for those left out. A user name that is given means that
   * user and nobody else; without one the credentials act as `admin`, where it is active and in a group of administrators, and
   * otherwise as the first active administrator.
   */
  readonly credentials?: Partial<DataCenterCredentials>;
}
