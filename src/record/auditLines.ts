import { type FileHandle, open, stat } from "node:fs/promises";
import { redact } from "../observability/redact.js";
import type { ChangeRecord, RecordEntry } from "./ChangeRecord.js";

/** Where entries also go as JSON lines. */
interface AuditLines {
  write(entry: RecordEntry): Promise<void>;
  close(): Promise<void>;
}

/** A record whose entries also stand in a file of lines: one that cannot be written there is not on record. */
export function withAuditLines(record: ChangeRecord, lines: AuditLines): ChangeRecord {
  // One after the other, so that the lines stand in the order of the chains.
  let last: Promise<unknown> = Promise.resolve();
  const append = record.append.bind(record);
  const close = record.close.bind(record);
  return Object.assign(record, {
    append: (...[draft, provenance]: Parameters<ChangeRecord["append"]>) => {
      const appended = last.then(async () => {
        const entry = await append(draft, provenance);
        await lines.write(entry);
        return entry;
      });
      last = appended.catch(() => undefined);
      return appended;
    },
    close: async () => {
      await last;
      await Promise.all([close(), lines.close()]);
    },
  });
}

/** Opens the lines by the setting: a path, or `stdout`. */
export function openAuditLines(destination: string): AuditLines {
  return destination === "stdout" ? outputLines(process.stdout) : new LineFile(destination);
}

/**
 * One entry as a line, without the text that its hash is made of: that is made again from what the line says. Where something
 * in it still looks like a secret, it is struck out and the line says so: then the hash stands for the entry and not for it.
 */
export function lineOf({ body: _, ...entry }: RecordEntry): string {
  const line = JSON.stringify(entry);
  const shown = redact(line);
  return `${shown === line ? line : redact(JSON.stringify({ ...entry, isStruckOut: true }))}\n`;
}

function outputLines(output: NodeJS.WriteStream): AuditLines {
  return {
    write: (entry) =>
      new Promise((resolve, reject) => {
        output.write(lineOf(entry), (error) => (error ? reject(error) : resolve()));
      }),
    close: async () => undefined,
  };
}

/**
 * A file of lines, each flushed to disk. It is opened at the first entry, so that a process which changes nothing leaves none
 * behind; opened again when it was moved or deleted; and a line that a killed process left torn is ended before the next.
 */
class LineFile implements AuditLines {
  readonly #path: string;
  #handle: FileHandle | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  write(entry: RecordEntry): Promise<void> {
    const written = this.#last.then(() => this.#append(lineOf(entry)));
    this.#last = written.catch(() => undefined);
    return written;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#handle?.close();
    this.#handle = null;
  }

  async #append(line: string): Promise<void> {
    const handle = await this.#current();
    const isFile = (await handle.stat()).isFile();
    const text = isFile && (await isTorn(this.#path)) ? `\n${line}` : line;
    const { bytesWritten } = await handle.write(text);
    if (bytesWritten < Buffer.byteLength(text)) throw new Error("The line was written in part.");
    // A device or a pipe takes the line, but knows no disk to flush to.
    if (isFile) await handle.datasync();
  }

  /** The file of this path as it is now: whoever rotates logs moves or deletes the one that is open. */
  async #current(): Promise<FileHandle> {
    const held = this.#handle;
    if (held !== null) {
      const [mine, there] = await Promise.all([held.stat(), stat(this.#path).catch(() => null)]);
      if (there !== null && mine.ino === there.ino && mine.dev === there.dev) return held;
      this.#handle = null;
      await held.close().catch(() => undefined);
    }
    this.#handle = await open(this.#path, "a", 0o600);
    return this.#handle;
  }
}

/** Whether the file ends in the middle of a line. */
async function isTorn(path: string): Promise<boolean> {
  const reader = await open(path, "r");
  try {
    const { size } = await reader.stat();
    if (size === 0) return false;
    const { buffer } = await reader.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] !== 0x0a;
  } finally {
    await reader.close();
  }
}
