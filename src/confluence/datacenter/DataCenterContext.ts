import type { DataCenterClient } from "./DataCenterClient.js";
import type { DataCenterFeatures } from "./DataCenterFeatures.js";
import type { SpaceKeyBook } from "./SpaceKeyBook.js";
import type { UsernameBook } from "./UsernameBook.js";

/** What every read and write of one site goes through, and what they have learned of it. */
export interface DataCenterContext {
  /** The address people use, without a trailing slash. */
  readonly siteUrl: string;
  readonly client: DataCenterClient;
  readonly features: DataCenterFeatures;
  readonly usernames: UsernameBook;
  readonly spaceKeys: SpaceKeyBook;
}
