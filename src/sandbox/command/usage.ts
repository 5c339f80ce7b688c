/** What `--help` prints. */
export const usage = `Usage: npm run sandbox -- [options]

An emulator of the Confluence Cloud REST API that keeps state.

  --port N             port to listen on; 0 takes a free one (default 4010)
  --host ADDRESS       address to listen on (default 127.0.0.1)
  --latency-ms N       added to every answer (default 0)
  --rate-per-second N  answer 429 beyond this rate (default: no limit)
  --world FILE         a world file, or
  --world random:SEED:accounts=2000,groups=200,spaces=500
                       a made-up world, the same for the same seed
                       (also memberships=12000, mode=PRE_ROLES|ROLES_TRANSITION|ROLES)
  --email ADDRESS      e-mail of the accepted credential (default admin@sandbox.test)
  --api-token TOKEN    its API token (default sandbox-token)
  --help               this text
`;
