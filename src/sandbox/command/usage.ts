/** What `--help` prints. */
export const usage = `Usage: npm run sandbox -- [options]

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

Ends with 0 when it was stopped, 1 when it cannot listen, and 2 when the options or the world are at fault.
`;
