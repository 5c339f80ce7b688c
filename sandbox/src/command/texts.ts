import { defaultDataCenterCredentials } from "../datacenter/options.js";
import { defaultCredentials } from "../oauth/credentials.js";
import type { RunningDataCenter, RunningSandbox } from "../startSandbox.js";

/** What `--help` prints. */
export const usage = `Usage: confluence-access-graph sandbox [options]        (in a clone: npm run sandbox -- [options])

An emulator that keeps state, of the Confluence Cloud REST API, Atlassian's API gateway and token endpoint, the
organization's admin API and SCIM user provisioning, all at one address; and of the Confluence Data Center API at a second
one, where the world has a Data Center half.

  --port N             port of Cloud; 0 takes a free one (default 4010). Without a Cloud half it is not opened
  --host ADDRESS       address to listen on (default 127.0.0.1)
  --latency-ms N       added to every answer (default 0)
  --rate-per-second N  answer 429 beyond this rate (default: no limit)
  --world FILE         a world file, or
  --world random:SEED:accounts=2000,groups=200,spaces=500
                       a made-up world, the same for the same seed
                       (also memberships=12000, mode=PRE_ROLES|ROLES_TRANSITION|ROLES), or
  --world random:SEED:dc-users=10000,dc-groups=800,dc-spaces=1500
                       with a Data Center half (also dc-version=9.2.0); alone, or with a Cloud half beside it
  --email ADDRESS      e-mail of the accepted API tokens (default admin@sandbox.test)
  --api-token TOKEN    API token for the site's own address (default sandbox-token)
  --scoped-token TOKEN scoped API token for the gateway (default sandbox-scoped-token)
  --service-account-token TOKEN
                       API token of a service account (default sandbox-service-account-token)
  --client-id ID       OAuth client (default sandbox-client)
  --client-secret TEXT its secret (default sandbox-client-secret)
  --token-lifetime-seconds N
                       how long access tokens live (default 3600)
  --organization-id ID organization (default sandbox-organization)
  --organization-key KEY
                       its API key (default sandbox-organization-key)
  --scim-directory-id ID
                       directory of the organization and of SCIM (default sandbox-directory)
  --scim-key KEY       its SCIM key (default sandbox-scim-key)
  --dc-port N          port of Data Center; 0 takes a free one (default 4011)
  --dc-version VERSION which Data Center it is, such as 8.3, 8.6, 9.2 or 10.2 (default: the world's)
  --dc-token TOKEN     its personal access token (default sandbox-personal-access-token)
  --dc-username NAME   its user, whom the token acts as too (default admin, or the first active administrator)
  --dc-password TEXT   that user's password (default sandbox-password)
  --dc-reader-token TOKEN
                       token of somebody who is no administrator (default sandbox-reader-token)
  --dc-rate 50/10/1    a bucket of 50 calls for each user, 10 more every 1 second; 0/0/1 allows none (default: no limit)
  --dc-basic-disabled  refuse passwords with 403
  --dc-rpc-disabled [401|404|405]
                       switch JSON-RPC off, with this status (default 404)
  --dc-read-only       users, groups and memberships come from a directory that takes no changes
  --dc-licence-seats N answer 402 to one more user than that (default: no bound)
  --dc-members-follow-nested
                       members of a group are those of the groups in it too
  --dc-long-task-ms N  how long deleting a user takes (default 500)
  --help               this text
  --version            the version of this product

Ends with 0 when it was stopped, 1 when it cannot listen, and 2 when the options or the world are at fault.
`;

/** What the command prints once it listens: of each half that the world has, address and credentials; then the control routes. */
export function banner(sandbox: RunningSandbox): string {
  const { url, cloudId, dataCenter } = sandbox;
  const isBoth = cloudId !== null && dataCenter !== null;
  return `${cloudId === null ? "" : cloudBanner(sandbox, cloudId)}${dataCenter === null ? "" : dataCenterBanner(dataCenter)}Control routes (no credential${isBoth ? ", at either address" : ""}):
  GET, DELETE       ${url}/__sandbox/journal
  GET, POST, DELETE ${url}/__sandbox/faults
  GET, POST         ${url}/__sandbox/credentials
  GET, POST         ${url}/__sandbox/invitations
  POST              ${url}/__sandbox/reset
  GET               ${url}/__sandbox/world
`;
}

function cloudBanner({ url, credentials }: RunningSandbox, cloudId: string): string {
  const { basic, scopedToken, serviceAccountToken, oauth, organization, scim } = credentials;
  const absent = defaultCredentials;
  return `Sandbox of Confluence Cloud: ${url}
Behind the gateway:          ${url}/ex/confluence/${cloudId}
Credentials:
  site       Basic   ${basic.email} : ${shown(basic.apiToken, absent.basic.apiToken)}
  gateway    Basic   ${scopedToken.email} : ${shown(scopedToken.apiToken, absent.scopedToken.apiToken)}
             Bearer  ${shown(serviceAccountToken, absent.serviceAccountToken)}
             OAuth   ${oauth.clientId} : ${shown(oauth.clientSecret, absent.oauth.clientSecret)} at POST ${url}/oauth/token
  /admin     Bearer  ${shown(organization.apiKey, absent.organization.apiKey)} for organization ${organization.orgId}
  /scim      Bearer  ${shown(scim.key, absent.scim.key)} for directory ${scim.directoryId}
`;
}

function dataCenterBanner({ url, version, credentials }: RunningDataCenter): string {
  const { personalAccessToken, username, password, readerToken } = credentials;
  const absent = defaultDataCenterCredentials;
  return `Sandbox of Confluence Data Center ${version}: ${url}
  token      Bearer  ${shown(personalAccessToken, absent.personalAccessToken)}
  password   Basic   ${username} : ${shown(password, absent.password)}
  reader     Bearer  ${shown(readerToken, absent.readerToken)} (no administrator)
`;
}

/** The default secrets open only sandboxes and are printed; one of the user's own is not. */
function shown(secret: string, absent: string): string {
  return secret === absent ? secret : "(the one you gave)";
}

/** One line on the credentials that act as nobody or as no administrator; empty where all act as they are meant to. */
export function noteCredentials({ actingAs: { administrator, reader } }: RunningDataCenter): string {
  const notes: string[] = [];
  if (administrator === null) {
    notes.push("token and password act as nobody, for the world has no active administrator");
  } else if (!administrator.isAdministrator) {
    notes.push(`token and password act as ${administrator.username}, who is no administrator`);
  }
  if (reader === null) notes.push("the reader's token acts as nobody, for the world has nobody else who is active");
  return notes.length === 0 ? "" : `Data Center: ${notes.join("; ")}.\n`;
}
