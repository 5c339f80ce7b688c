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

/**
 * After how long one that is new is looked at again: somebody may be writing it. YAML that ends between two lines says less than it
 * will, and says it well: a caller without its limits.
 */
const settleMs = 200;

/** What a look at the file came to. */
interface Look {
  /** What tells it from others. */
  readonly mark: string;
  readonly tell: () => void | Promise<void>;
}

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
      await this.#pause(watchEveryMs);
      if (signal.aborted) return;
      const seen = await this.#look();
      if (seen.mark === this.#last) continue;
      await this.#pause(settleMs);
      // What changes on is left to the next time.
      if (!signal.aborted && (await this.#look()).mark === seen.mark) await this.#tell(seen);
    }
  }

  /** As it is now: whoever says so has written it. */
  async read(): Promise<void> {
    await this.#tell(await this.#look());
  }

  close(): void {
    this.#end.abort();
  }

  async #look(): Promise<Look> {
    const { path, take, lose } = this.#options;
    const text = await readFile(path, "utf8").catch((error: unknown) => ({ error }));
    if (typeof text === "string") return { mark: text, tell: () => take(text) };
    const code = codeOfSystem(text.error);
    return { mark: `unreadable${code}`, tell: () => lose(code) };
  }

  async #tell({ mark, tell }: Look): Promise<void> {
    if (mark === this.#last) return;
    this.#last = mark;
    await tell();
  }

  async #pause(ms: number): Promise<void> {
    await this.#options.clock.sleep(ms, this.#end.signal).catch(() => undefined);
  }
}
