import { loadWorld } from "../sandbox/command/loadWorld.js";
import { readArguments, type SandboxArguments } from "../sandbox/command/readArguments.js";
import { usage } from "../sandbox/command/usage.js";
import { defaultCredentials } from "../sandbox/oauth/defaultCredentials.js";
import { type RunningSandbox, startSandbox } from "../sandbox/startSandbox.js";
import { InvalidWorld } from "../sandbox/world/InvalidWorld.js";
import type { World } from "../sandbox/world/World.js";

const badArguments = 2;
const cannotListen = 1;

async function run(): Promise<void> {
  const { arguments: wanted, faults } = readArguments(process.argv.slice(2));
  if (wanted.isHelpWanted) {
    process.stdout.write(usage);
    return;
  }
  const world = await loadWorld(wanted.world).catch((error: unknown) => {
    if (error instanceof InvalidWorld) return error.faults.map((fault) => `--world: ${fault}`);
    throw error;
  });
  const worldFaults = Array.isArray(world) ? world : [];
  if (faults.length + worldFaults.length > 0 || Array.isArray(world)) {
    refuse([...faults, ...worldFaults]);
    return;
  }
  await serve(wanted, world);
}

function refuse(faults: readonly string[]): void {
  process.stderr.write(`The sandbox cannot start:\n${faults.map((fault) => `  ${fault}\n`).join("")}See --help.\n`);
  process.exitCode = badArguments;
}

async function serve(
  { host, port, latencyMs, ratePerSecond, credentials, tokenLifetimeSeconds }: SandboxArguments,
  world: World,
): Promise<void> {
  try {
    const sandbox = await startSandbox({
      world,
      host,
      port,
      latencyMs,
      credentials,
      tokenLifetimeSeconds,
      ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
    });
    process.stdout.write(banner(sandbox));
    const stop = (): void => {
      void sandbox.close();
    };
    process.once("SIGTERM", stop);
    process.once("SIGINT", stop);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`The sandbox cannot listen on ${host}:${port}: ${reason}\n`);
    process.exitCode = cannotListen;
  }
}

function banner({ url, cloudId, credentials }: RunningSandbox): string {
  const { basic, scopedToken, serviceAccountToken, oauth, organization, scim } = credentials;
  const absent = defaultCredentials;
  return `Sandbox of Confluence Cloud: ${url}
Behind the gateway:          ${url}/ex/confluence/${cloudId ?? "(no cloud half in this world)"}
Credentials:
  site       Basic   ${basic.email} : ${shown(basic.apiToken, absent.basic.apiToken)}
  gateway    Basic   ${scopedToken.email} : ${shown(scopedToken.apiToken, absent.scopedToken.apiToken)}
             Bearer  ${shown(serviceAccountToken, absent.serviceAccountToken)}
             OAuth   ${oauth.clientId} : ${shown(oauth.clientSecret, absent.oauth.clientSecret)} at POST ${url}/oauth/token
  /admin     Bearer  ${shown(organization.apiKey, absent.organization.apiKey)} for organization ${organization.orgId}
  /scim      Bearer  ${shown(scim.key, absent.scim.key)} for directory ${scim.directoryId}
Control routes (no credential):
  GET, DELETE       ${url}/__sandbox/journal
  GET, POST, DELETE ${url}/__sandbox/faults
  GET, POST         ${url}/__sandbox/credentials
  GET, POST         ${url}/__sandbox/invitations
  POST              ${url}/__sandbox/reset
  GET               ${url}/__sandbox/world
`;
}

/** The default secrets open only sandboxes and are printed; one of the user's own is not. */
function shown(secret: string, absent: string): string {
  return secret === absent ? secret : "(the one you gave)";
}

await run();
