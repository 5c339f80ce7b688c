import type { DataCenterClient } from "./DataCenterClient.js";
import type { DataCenterFeatures } from "./DataCenterFeatures.js";
import type { GroupBook } from "./names/GroupBook.js";
import type { UserKeys } from "./names/UserKeys.js";
import type { UsernameBook } from "./names/UsernameBook.js";
import type { SpaceKeyBook } from "./SpaceKeyBook.js";

/** What every read and write of one site goes through, and what they have learned of it. */
export interface DataCenterContext {
  /** The address people use, without a trailing slash. */
  readonly siteUrl: string;
  readonly client: DataCenterClient;
  readonly features: DataCenterFeatures;
  readonly groups: GroupBook;
  readonly userKeys: UserKeys;
  readonly usernames: UsernameBook;
  readonly spaceKeys: SpaceKeyBook;
}
