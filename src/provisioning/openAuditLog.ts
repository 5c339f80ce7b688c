import { type FileHandle, open } from "node:fs/promises";
import type { Clock } from "../domain/Clock.js";
import { redact } from "../observability/redact.js";
import type { AuditLog } from "./AuditLog.js";

/**
 * The audit as JSON lines: appended to a file and flushed to disk, or written to standard output. The file is opened at
 * the first record, so that a process which changes nothing leaves none behind.
 */
export function openAuditLog(destination: string, clock: Clock): AuditLog {
  let file: Promise<FileHandle> | null = null;
  const write = async (line: string): Promise<void> => {
    if (destination === "stdout") return writeToOutput(line);
    file ??= open(destination, "a", 0o600).catch((error: unknown) => {
      file = null;
      throw error;
    });
    const handle = await file;
    await handle.appendFile(line);
    // A device or a pipe takes the line, but knows no disk to flush to.
    if ((await handle.stat()).isFile()) await handle.datasync();
  };
  return {
    record: (entry, provenance) =>
      write(`${redact(JSON.stringify({ time: new Date(clock.now()).toISOString(), ...entry, ...provenance }))}\n`),
    close: async () => {
      const handle = await file;
      await handle?.close();
    },
  };
}

function writeToOutput(line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(line, (error) => (error ? reject(error) : resolve()));
  });
}
