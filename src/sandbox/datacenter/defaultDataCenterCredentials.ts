import type { DataCenterCredentials } from "./DataCenterCredentials.js";

/** What a sandbox accepts unless told otherwise. They open nothing but sandboxes, so they may stand in documents. */
export const defaultDataCenterCredentials: DataCenterCredentials = {
  personalAccessToken: "sandbox-personal-access-token",
  username: "admin",
  password: "sandbox-password",
  readerToken: "sandbox-reader-token",
};
