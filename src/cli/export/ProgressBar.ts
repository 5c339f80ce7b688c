/** Where a bar is drawn: a terminal, or something that is none and gets nothing. */
interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const width = 30;
/** A step is drawn at most so often. */
const everyMs = 100;

/** One line of a terminal that says how far something is. Where nobody looks, it says nothing. */
export class ProgressBar {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  #drawnMs = Number.NEGATIVE_INFINITY;
  #isDrawn = false;

  constructor(terminal: Terminal, now: () => number = () => performance.now()) {
    this.#terminal = terminal;
    this.#now = now;
  }

  show(unit: string, done: number, total: number | null): void {
    if (this.#terminal.isTTY !== true) return;
    const isLast = total !== null && done >= total;
    if (!isLast && this.#now() - this.#drawnMs < everyMs) return;
    this.#drawnMs = this.#now();
    this.#isDrawn = true;
    const share = total === null || total === 0 ? 0 : Math.min(1, done / total);
    const filled = Math.round(share * width);
    const bar = `[${"#".repeat(filled)}${".".repeat(width - filled)}]`;
    const count = total === null ? grouped(done) : `${grouped(done)} of ${grouped(total)}`;
    this.#terminal.write(`\r\u001b[K${bar} ${count} ${unit}`);
  }

  /** Leaves the line, for what is written next. */
  end(): void {
    if (this.#isDrawn) this.#terminal.write("\n");
    this.#isDrawn = false;
  }
}

function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}
