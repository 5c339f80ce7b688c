/** The id of one granular row; one that follows from what is granted to whom is not here. */
export interface GrantId {
  readonly operation: number;
  readonly permissionId: string;
}

/** Beyond it a difference of two ids could not be told exactly. */
const largestNumber = 2 ** 50;

/**
 * The ids of stored rows, packed: what a revocation names is asked for rarely and takes most room. Ids that are numbers are
 * written as their distance from the one before, a byte or two, because rows of one space are mostly made together.
 */
export class GrantIds {
  readonly #texts: string[] = [];
  readonly #textNumbers = new Map<string, number>();
  #bytes = new Uint8Array(256);
  #length = 0;
  #last = 0;

  begin(): void {
    this.#length = 0;
    this.#last = 0;
  }

  /** How many ids of the next holder follow. */
  startRow(ids: number): void {
    this.#write(ids);
  }

  add(operation: number, permissionId: string): void {
    const number = numberOf(permissionId);
    this.#write(operation * 2 + (number === null ? 1 : 0));
    if (number === null) {
      this.#write(this.#internText(permissionId));
      return;
    }
    const distance = number - this.#last;
    this.#write(distance >= 0 ? distance * 2 : distance * -2 - 1);
    this.#last = number;
  }

  /** What was written since `begin`; only until the next `begin`. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** The ids of each holder, in the order written; or of one holder alone, told by its place. */
  *read(bytes: Uint8Array, only?: number): Generator<GrantId[]> {
    let at = 0;
    let last = 0;
    const next = (): number => {
      let value = 0;
      for (let scale = 1; ; scale *= 128) {
        const byte = bytes[at] ?? 0;
        at += 1;
        value += (byte & 127) * scale;
        if (byte < 128) return value;
      }
    };
    for (let place = 0; at < bytes.length; place += 1) {
      const isWanted = only === undefined || place === only;
      const ids: GrantId[] = [];
      for (let left = next(); left > 0; left -= 1) {
        const operation = next();
        const value = next();
        if (operation % 2 === 1) {
          if (isWanted) ids.push({ operation: (operation - 1) / 2, permissionId: this.#texts[value] ?? "" });
          continue;
        }
        last += value % 2 === 0 ? value / 2 : -(value + 1) / 2;
        if (isWanted) ids.push({ operation: operation / 2, permissionId: String(last) });
      }
      if (isWanted) yield ids;
      if (place === only) return;
    }
  }

  get bytes(): number {
    return this.#bytes.byteLength + this.#texts.reduce((sum, text) => sum + text.length + 80, 0);
  }

  #write(value: number): void {
    if (this.#length + 10 > this.#bytes.length) {
      const grown = new Uint8Array(this.#bytes.length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#length] = (rest % 128) + 128;
      this.#length += 1;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length] = rest;
    this.#length += 1;
  }

  #internText(text: string): number {
    const known = this.#textNumbers.get(text);
    if (known !== undefined) return known;
    this.#texts.push(text);
    this.#textNumbers.set(text, this.#texts.length - 1);
    return this.#texts.length - 1;
  }
}

/** The number that an id is, where it is written exactly as that number would be. */
function numberOf(permissionId: string): number | null {
  if (permissionId.length === 0 || permissionId.length > 15) return null;
  for (let index = 0; index < permissionId.length; index += 1) {
    const unit = permissionId.charCodeAt(index);
    if (unit < 48 || unit > 57) return null;
  }
  if (permissionId.length > 1 && permissionId.charCodeAt(0) === 48) return null;
  const number = Number(permissionId);
  return number < largestNumber ? number : null;
}
