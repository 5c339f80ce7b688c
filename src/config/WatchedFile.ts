import { readFile } from "node:fs/promises";
import type { Clock } from "../domain/Clock.js";
import { codeOfSystem } from "./Config.js";

interface WatchedFileOptions {
  readonly path: string;
  /** As it was read at the start. */
  readonly text: string;
  readonly clock: Clock;
  /** Hears each text that is another than the last. */
  readonly take: (text: string) => void | Promise<void>;
  /** Hears that it cannot be read, and why as far as the system tells: ` (ENOENT)`. */
  readonly lose: (code: string) => void;
}

/** How often a file is looked at. */
const watchEveryMs = 5_000;

/** A file that is read again when it changes, and when somebody says so. The same again is not told again. */
export class WatchedFile {
  readonly #options: WatchedFileOptions;
  readonly #end = new AbortController();
  #last: string;

  constructor(options: WatchedFileOptions) {
    this.#options = options;
    this.#last = options.text;
  }

  /** Looks at it again and again, until `close`. */
  async watch(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      await this.#options.clock.sleep(watchEveryMs, signal).catch(() => undefined);
      if (!signal.aborted) await this.read();
    }
  }

  async read(): Promise<void> {
    const { path, take, lose } = this.#options;
    const text = await readFile(path, "utf8").catch((error: unknown) => ({ error }));
    if (typeof text === "string") {
      if (this.#isNew(text)) await take(text);
      return;
    }
    const code = codeOfSystem(text.error);
    if (this.#isNew(`unreadable${code}`)) lose(code);
  }

  close(): void {
    this.#end.abort();
  }

  #isNew(what: string): boolean {
    if (what === this.#last) return false;
    this.#last = what;
    return true;
  }
}
