/** What `--help` prints. */
export const usage = `Usage: npm run sandbox -- [options]

An emulator that keeps state, of the Confluence Cloud REST API, Atlassian's API gateway and token endpoint, the
organization's admin API and SCIM user provisioning, all at one address.

  --port N             port to listen on; 0 takes a free one (default 4010)
  --host ADDRESS       address to listen on (default 127.0.0.1)
  --latency-ms N       added to every answer (default 0)
  --rate-per-second N  answer 429 beyond this rate (default: no limit)
  --world FILE         a world file, or
  --world random:SEED:accounts=2000,groups=200,spaces=500
                       a made-up world, the same for the same seed
                       (also memberships=12000, mode=PRE_ROLES|ROLES_TRANSITION|ROLES)
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
  --help               this text
`;
