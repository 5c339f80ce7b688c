/** What one reply may hold at most: beyond that whoever sends it is not to be trusted. */
const most = { bytes: 64 * 1024 * 1024, items: 1_000_000, depth: 8, lineBytes: 64 * 1024 } as const;
const carriageReturn = 13;
const lineFeed = 10;

/**
 * Follows what an engine sends (RESP2) without reading it: how many replies came to how many commands. A client that reads what
 * nobody asked for, or what has no end, may fall over it.
 */
export class ReplyScanner {
  /** Commands that have no reply yet. */
  #expected = 0;
  /** What is still to come of each list that is open. */
  readonly #open: number[] = [];
  /** Bytes still to come of a text, its line break included. */
  #skip = 0;
  #line: Buffer | null = null;
  #bytes = 0;

  expect(): void {
    this.#expected += 1;
  }

  /** `false`: this is no reply, or one that nobody asked for. */
  follow(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes > most.bytes) return false;
    let at = 0;
    while (at < chunk.length) {
      if (this.#expected === 0) return false;
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, chunk.length - at);
        this.#skip -= step;
        at += step;
        if (this.#skip === 0) this.#complete(chunk.length - at);
        continue;
      }
      const end = chunk.indexOf(lineFeed, at);
      const piece = chunk.subarray(at, end < 0 ? chunk.length : end + 1);
      const line = this.#line === null ? piece : Buffer.concat([this.#line, piece]);
      if (line.length > most.lineBytes) return false;
      if (end < 0) {
        this.#line = line;
        return true;
      }
      this.#line = null;
      at = end + 1;
      if (!this.#readLine(line, chunk.length - at)) return false;
    }
    return true;
  }

  #readLine(line: Buffer, rest: number): boolean {
    if (line.length < 3 || line[line.length - 2] !== carriageReturn) return false;
    switch (line[0]) {
      case 0x2b: // + a word
      case 0x2d: // - an error
        this.#complete(rest);
        return true;
      case 0x3a: // : a number
        if (!/^[+-]?\d{1,19}$/.test(textOf(line))) return false;
        this.#complete(rest);
        return true;
      case 0x24: // $ a text
        return this.#begin(lengthOf(line, most.bytes), rest, (length) => {
          this.#skip = length + 2;
        });
      case 0x2a: // * a list
        return this.#begin(lengthOf(line, most.items), rest, (length) => {
          if (length === 0) this.#complete(rest);
          else this.#open.push(length);
        });
      default:
        return false;
    }
  }

  /** @param length -1: there is nothing; `null`: it is no length. */
  #begin(length: number | null, rest: number, begin: (length: number) => void): boolean {
    if (length === null) return false;
    if (length < 0) this.#complete(rest);
    else begin(length);
    return this.#open.length <= most.depth;
  }

  /** Something came to its end, and with it perhaps the lists that it stands in. */
  #complete(rest: number): void {
    for (;;) {
      const left = this.#open.pop();
      if (left === undefined) break;
      if (left > 1) {
        this.#open.push(left - 1);
        return;
      }
    }
    this.#expected -= 1;
    this.#bytes = rest;
  }
}

function textOf(line: Buffer): string {
  return line.toString("latin1", 1, line.length - 2);
}

function lengthOf(line: Buffer, largest: number): number | null {
  const text = textOf(line);
  if (!/^(-1|\d{1,10})$/.test(text)) return null;
  const length = Number(text);
  return length > largest ? null : length;
}
