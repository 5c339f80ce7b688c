import { mkdtemp, readFile, rm, rmdir, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type StackOptions, startStack } from "./startStack.js";

/** The stack with provisioning on and an audit file of its own. */
export async function startProvisioning(
  world: unknown,
  env: Readonly<Record<string, string>> = {},
  sandbox: StackOptions["sandbox"] = {},
) {
  const folder = await mkdtemp(join(tmpdir(), "audit-"));
  const auditPath = join(folder, "audit.jsonl");
  const stack = await startStack({ world, env: { PROVISIONING: "on", AUDIT_LOG: auditPath, ...env }, sandbox });
  return {
    ...stack,
    auditPath,
    /** Writes that reached the sandbox since the journal was emptied. */
    writes: () => stack.calls().filter((call) => !/^GET |users-bulk|users\/search|oauth/.test(call)),
    audit: async (): Promise<Record<string, unknown>[]> =>
      (await readFile(auditPath, "utf8").catch(() => ""))
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    [Symbol.asyncDispose]: async () => {
      await stack[Symbol.asyncDispose]();
      // `rm` of a folder looks at each file before it does: for so many tests that adds up.
      await unlink(auditPath).catch(() => undefined);
      await rmdir(folder).catch(() => rm(folder, { recursive: true }));
    },
  };
}
