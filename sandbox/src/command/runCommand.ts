import { readFile } from "node:fs/promises";
import { startSandbox } from "../startSandbox.js";
import { loadWorld } from "../world/loadWorld.js";
import { InvalidWorld, type World } from "../world/World.js";
import { checkDataCenterArguments, readArguments, type SandboxArguments } from "./readArguments.js";
import { banner, noteCredentials, usage } from "./texts.js";

const badArguments = 2;
const cannotListen = 1;

/** The sandbox as a command: it listens until a signal comes, or says what is wrong and sets the exit code. */
export async function runCommand(args: readonly string[]): Promise<void> {
  outliveReaders();
  if (args.includes("--version")) {
    process.stdout.write(`${await readVersion()}\n`);
    return;
  }
  const { arguments: wanted, faults } = readArguments(args);
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

/** It goes on without those who read what it prints: clients use it meanwhile. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
}

async function readVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  const isManifest = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return isManifest ? String(manifest.version) : "unknown";
}
