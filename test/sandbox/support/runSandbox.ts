import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { programFlags } from "../../support/engineFlags.js";

const program = join(import.meta.dirname, "../../../sandbox/dist/main.js");

/** How a run of the command ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built command; `onAddress` is called with the first address it prints, and with all that it printed. */
export async function runSandbox(
  args: readonly string[],
  onAddress?: (url: string, stop: () => void, out: string) => Promise<void>,
): Promise<Ended> {
  if (!existsSync(program)) throw new Error("sandbox/dist/main.js is missing: run 'npm run build' first");
  const child = spawn(process.execPath, [...programFlags, program, ...args]);
  onTestFinished(() => void child.kill("SIGKILL"));
  let [out, err] = ["", ""];
  const closed = once(child, "close");
  child.stderr.on("data", (chunk) => {
    err += String(chunk);
  });
  const address = new Promise<string>((resolve) => {
    child.stdout.on("data", (chunk) => {
      out += String(chunk);
      const url = /http:\/\/[^\s/]+/.exec(out)?.[0];
      if (url !== undefined && out.includes("/__sandbox/world")) resolve(url);
    });
  });
  if (onAddress !== undefined) await onAddress(await address, () => void child.kill("SIGTERM"), out);
  const [code] = await closed;
  return { code, out, err };
}
