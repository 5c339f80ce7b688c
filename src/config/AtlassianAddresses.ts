/** Where Atlassian's shared services are for a Cloud site; government clouds have their own. */
export interface AtlassianAddresses {
  /** The API gateway and the admin APIs, without a trailing slash. */
  readonly apiUrl: string;
  /** Where OAuth tokens are asked for, without a trailing slash. */
  readonly authUrl: string;
}
