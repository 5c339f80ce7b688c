/** What one reply may hold at most: beyond that whoever sends it is not to be trusted. */
const most = { bytes: 64 * 1024 * 1024, items: 1_000_000, depth: 8, lineBytes: 64 * 1024 } as const;
const carriageReturn = 13;
const lineFeed = 10;

/**
 * Follows what an engine sends (RESP2) without reading it: how many replies came to how many commands. A client that reads what
 * nobody asked for, or what has no end, may fall over it.
 */
export class ReplyScanner {
  /** Commands that have no reply yet: for each, whether its reply says which node of a cluster holds what. */
  readonly #expected: boolean[] = [];
  /** Each list that is open, and what is still to come of it. */
  readonly #open: { readonly length: number; left: number }[] = [];
  /** Bytes still to come of a text, its line break included. */
  #skip = 0;
  #line: Buffer | null = null;
  #bytes = 0;

  /** @param isOfSlots `CLUSTER SLOTS`, whose reply a client takes apart without a look at it. */
  expect(isOfSlots = false): void {
    this.#expected.push(isOfSlots);
  }

  /** `false`: this is no reply, or one that nobody asked for. */
  follow(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes > most.bytes) return false;
    let at = 0;
    while (at < chunk.length) {
      if (this.#expected.length === 0) return false;
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
    if (this.#expected[0] === true && !this.#fitsSlots(line)) return false;
    switch (line[0]) {
      case 0x2b: // + a word
      case 0x2d: // - an error
        if (/^(?:MOVED|ASK)\b/.test(textOf(line)) && !redirection.test(textOf(line))) return false;
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
          else this.#open.push({ length, left: length });
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
      const list = this.#open.at(-1);
      if (list === undefined) break;
      list.left -= 1;
      if (list.left > 0) return;
      this.#open.pop();
    }
    this.#expected.shift();
    this.#bytes = rest;
  }

  /** A list of ranges: its first slot and its last, and the nodes that hold it, each a list of its host, its port and more. */
  #fitsSlots(line: Buffer): boolean {
    const list = this.#open.at(-1);
    const at = list === undefined ? 0 : list.length - list.left;
    const text = line.toString("latin1");
    switch (this.#open.length) {
      case 0:
        return /^[-*]\w/.test(text);
      case 1:
        return /^\*[1-9]/.test(text) && Number(textOf(line)) > 2;
      case 2:
        return at < 2 ? /^:\d{1,5}\r/.test(text) : /^\*[1-9]/.test(text) && Number(textOf(line)) > 1;
      case 3:
        return at > 1 || (at === 0 ? text.startsWith("$") : /^:\d{1,5}\r/.test(text));
      default:
        return true;
    }
  }
}

/** `MOVED 3999 127.0.0.1:6381`. */
const redirection = /^(?:MOVED|ASK) \d{1,5} \S*:\d{1,5}$/;

function textOf(line: Buffer): string {
  return line.toString("latin1", 1, line.length - 2);
}

function lengthOf(line: Buffer, largest: number): number | null {
  const text = textOf(line);
  if (!/^(-1|\d{1,10})$/.test(text)) return null;
  const length = Number(text);
  return length > largest ? null : length;
}
