import type { TokenBucketRate } from "../http/rateLimits.js";

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

/** What the Data Center half accepts. */
export interface DataCenterCredentials {
  /** Bearer; acts as the same user as the password. */
  readonly personalAccessToken: string;
  /** Basic, with the password. */
  readonly username: string;
  readonly password: string;
  /** Bearer of somebody else, who administers nothing. */
  readonly readerToken: string;
}

/** What a sandbox accepts unless told otherwise. They open nothing but sandboxes, so they may stand in documents. */
export const defaultDataCenterCredentials: DataCenterCredentials = {
  personalAccessToken: "sandbox-personal-access-token",
  username: "admin",
  password: "sandbox-password",
  readerToken: "sandbox-reader-token",
};

/** A Confluence version, compared number by number: 8.3 < 8.4 < 8.10 < 9.0. */
export class Version {
  readonly #numbers: readonly number[];

  /** `text` looks like `9.2` or `9.2.0`. */
  constructor(readonly text: string) {
    this.#numbers = text.split(".").map(Number);
  }

  isAtLeast(other: Version): boolean {
    const length = Math.max(this.#numbers.length, other.#numbers.length);
    for (let at = 0; at < length; at += 1) {
      const difference = (this.#numbers[at] ?? 0) - (other.#numbers[at] ?? 0);
      if (difference !== 0) return difference > 0;
    }
    return true;
  }
}

/** From which version each feature is there; before that its routes are missing. */
export const features = {
  userList: new Version("8.4"),
  /** Creating users and changing passwords. */
  createUser: new Version("8.4"),
  /** Changing a user's full name and e-mail. */
  updateAccount: new Version("9.0"),
  /** `expand=creator` on spaces: Atlassian's document has it in 10.0.3 and not in 9.10. */
  spaceCreator: new Version("10.0"),
  /** `spaceId`, `spaceIds` and `spaceKeys` on the list of spaces: in Atlassian's document of 10.0.3; since when is not said. */
  spaceNameFilters: new Version("10.0"),
  spacePermissions: new Version("9.1"),
  globalPermissions: new Version("9.3"),
  activeUsers: new Version("9.3"),
  /** E-mail and last login on the active-user list. */
  activeUserEmail: new Version("10.2"),
} as const;
