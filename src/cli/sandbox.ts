import { productVersion } from "../config/version.js";
import { checkDataCenterArguments, readArguments, type SandboxArguments } from "../sandbox/command/readArguments.js";
import { banner, noteCredentials, usage } from "../sandbox/command/texts.js";
import { startSandbox } from "../sandbox/startSandbox.js";
import { loadWorld } from "../sandbox/world/loadWorld.js";
import { InvalidWorld, type World } from "../sandbox/world/World.js";
import { outliveReader } from "./runCommand.js";

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
  const worldFaults = Array.isArray(world) ? world : checkDataCenterArguments(wanted, world);
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
  { host, port, dcPort, latencyMs, ratePerSecond, credentials, tokenLifetimeSeconds, dataCenter }: SandboxArguments,
  world: World,
): Promise<void> {
  try {
    const sandbox = await startSandbox({
      world,
      host,
      port,
      dcPort,
      latencyMs,
      credentials,
      tokenLifetimeSeconds,
      dataCenter,
      ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
    });
    const stop = (): void => {
      void sandbox.close();
    };
    process.once("SIGTERM", stop);
    process.once("SIGINT", stop);
    if (sandbox.dataCenter !== null) process.stderr.write(noteCredentials(sandbox.dataCenter));
    // Last: who reads it may end the sandbox at once.
    process.stdout.write(banner(sandbox));
  } catch (error) {
    const ports = [
      ...(world.cloud === undefined && world.dataCenter !== undefined ? [] : [port]),
      ...(world.dataCenter === undefined ? [] : [dcPort]),
    ].join(" and ");
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`The sandbox cannot listen on ${host}:${ports}: ${reason}\n`);
    process.exitCode = cannotListen;
  }
}

if (process.argv.includes("--version")) process.stdout.write(`${productVersion}\n`);
else {
  outliveReader();
  await run();
}
