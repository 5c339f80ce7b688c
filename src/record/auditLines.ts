import { fstatSync, write } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { promisify } from "node:util";
import { redact } from "../observability/redact.js";
import type { ChangeRecord, RecordEntry } from "./ChangeRecord.js";

/** Where entries also go as JSON lines. */
interface AuditLines {
  write(entry: RecordEntry): Promise<void>;
  close(): Promise<void>;
}

/**
 * A record whose entries also stand in a file of lines: one that cannot be written there is not on record. Lines are handed over in
 * the order of the chains, and none waits until the one before is on disk: those that come meanwhile are written together.
 */
export function withAuditLines(record: ChangeRecord, lines: AuditLines): ChangeRecord {
  let last: Promise<unknown> = Promise.resolve();
  const append = record.append.bind(record);
  const close = record.close.bind(record);
  return Object.assign(record, {
    append: (...[draft, provenance]: Parameters<ChangeRecord["append"]>) => {
      const appended = last.then(async () => {
        const entry = await append(draft, provenance);
        const written = lines.write(entry);
        // Awaited below, by who appends; here only the order matters.
        written.catch(() => undefined);
        return { entry, written };
      });
      last = appended.catch(() => undefined);
      return appended.then(async ({ entry, written }) => {
        await written;
        return entry;
      });
    },
    close: async () => {
      await last;
      await Promise.all([close(), lines.close()]);
    },
  });
}

/** Opens the lines by the setting: a path, or `stdout`. */
export function openAuditLines(destination: string): AuditLines {
  if (destination !== "stdout") return new LineFile(destination);
  const { fd } = process.stdout;
  return isFile(fd) ? redirectedLines((text) => writeTo(fd, text)) : outputLines(process.stdout);
}

const writeTo = promisify(write) as (fd: number, text: string) => Promise<{ readonly bytesWritten: number }>;

function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
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
 * Standard output that goes to a file: what the disk takes in part passes for written with Node's stream, and the line is cut.
 * Here it is an error, and the line that was cut is ended before the next.
 */
export function redirectedLines(writeText: (text: string) => Promise<{ readonly bytesWritten: number }>): AuditLines {
  let last: Promise<unknown> = Promise.resolve();
  let isTorn = false;
  const append = async (line: string) => {
    const text = isTorn ? `\n${line}` : line;
    const { bytesWritten } = await writeText(text);
    if (bytesWritten === Buffer.byteLength(text)) {
      isTorn = false;
      return;
    }
    isTorn ||= bytesWritten > 0;
    throw new Error("The line was written in part.");
  };
  return {
    write: (entry) => {
      const written = last.then(() => append(lineOf(entry)));
      last = written.catch(() => undefined);
      return written;
    },
    close: async () => void (await last),
  };
}

interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A file of lines, each on disk before anybody hears of it. Those that come while the disk is busy go there together: to look at
 * the file, write and flush takes a dozen turns, which under load would be a quarter of a second for each line. It is opened at
 * the first entry, so that a process which changes nothing leaves none behind; opened again when it was moved or deleted; and a
 * line that a killed process left torn is ended before the next.
 */
class LineFile implements AuditLines {
  readonly #path: string;
  #handle: FileHandle | null = null;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  write(entry: RecordEntry): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line: lineOf(entry), resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#handle?.close();
    this.#handle = null;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const together = this.#waiting.splice(0);
      try {
        await this.#append(together.map(({ line }) => line).join(""));
        for (const { resolve } of together) resolve();
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    this.#writing = null;
  }

  async #append(lines: string): Promise<void> {
    const handle = await this.#current();
    const isFile = (await handle.stat()).isFile();
    const text = isFile && (await isTorn(this.#path)) ? `\n${lines}` : lines;
    const { bytesWritten } = await handle.write(text);
    if (bytesWritten < Buffer.byteLength(text)) throw new Error("The lines were written in part.");
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
