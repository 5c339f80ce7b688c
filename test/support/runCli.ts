import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { programFlags } from "./engineFlags.js";

/** Runs a built command with exactly this environment, and waits for its end. `npm test` builds first. */
export async function runCli(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const path = fileURLToPath(new URL(`../../dist/${file}`, import.meta.url));
  const child = spawn(process.execPath, [...programFlags, path, ...args], {
    env: { ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, stdout, stderr };
}
