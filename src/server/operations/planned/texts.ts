/** The JSON of a value; "" for one that has none, and is left out where it stands. A long one is in pieces. */
export type Text = string | LongText;

/** Characters from which on a piece of a text is long enough. */
const charactersOfPiece = 16_384;

/**
 * A text in pieces that are never put together: an answer of some hundred kilobytes is copied three times on its way to a socket
 * otherwise, which takes longer than writing it.
 */
export class LongText {
  constructor(readonly pieces: readonly string[]) {}
}

export function piecesOf(text: Text): readonly string[] {
  return typeof text === "string" ? [text] : text.pieces;
}

/** One behind the other. */
export function joined(left: Text, right: Text): Text {
  if (typeof right !== "string") return new LongText([...piecesOf(left), ...right.pieces]);
  if (typeof left === "string") return left + right;
  const pieces = [...left.pieces];
  const last = pieces.pop() ?? "";
  if (last.length < charactersOfPiece) pieces.push(last + right);
  else pieces.push(last, right);
  return new LongText(pieces);
}

/** Makes one piece of what was put together: once, and not wherever it is used. */
export function flatten(text: string): string {
  // Whoever looks into a text that was put together has it made one first.
  text.charCodeAt(0);
  return text;
}

/** A text that is put together part by part, and is in pieces where it gets long. */
export class PiecedText {
  readonly #pieces: string[] = [];
  #text = "";

  add(part: Text): void {
    if (typeof part === "string") this.#text += part;
    else {
      this.#pieces.push(flatten(this.#text), ...part.pieces);
      this.#text = "";
    }
    if (this.#text.length < charactersOfPiece) return;
    this.#pieces.push(flatten(this.#text));
    this.#text = "";
  }

  get isEmpty(): boolean {
    return this.#text === "" && this.#pieces.length === 0;
  }

  end(): Text {
    return this.#pieces.length === 0 ? this.#text : new LongText([...this.#pieces, this.#text]);
  }
}

/** The text of a list, item by item. */
export class ListText {
  readonly #pieces: string[] = [];
  #text = "[";
  #isEmpty = true;

  add(item: Text): void {
    this.#append(item);
    if (this.#text.length >= charactersOfPiece) this.#pieces.push(flatten(this.#take()));
  }

  /** @param rest the items that are missing: as many as there may be, so that whoever sends them makes each piece one */
  end(rest: readonly Text[] = []): Text {
    for (const item of rest) {
      this.#append(item);
      if (this.#text.length >= charactersOfPiece) this.#pieces.push(this.#take());
    }
    const last = `${this.#text}]`;
    return this.#pieces.length === 0 ? last : new LongText([...this.#pieces, last]);
  }

  /**
   * The same with items that are waited for. Settles when `Promise.all` of them would, which a `then` behind that does later: what fails
   * first decides what is told of the rest.
   */
  endWhenSettled(rest: readonly (Text | Promise<Text>)[]): Promise<Text> {
    return new Promise((resolve, reject) => {
      const texts = new Array<Text>(rest.length);
      let left = rest.length;
      const take = (text: Text, at: number) => {
        texts[at] = text;
        left -= 1;
        if (left > 0) return;
        try {
          resolve(this.end(texts));
        } catch (error) {
          reject(error);
        }
      };
      for (const [at, one] of rest.entries()) {
        if (one instanceof Promise) one.then((text) => take(text, at), reject);
        else take(one, at);
      }
    });
  }

  #append(item: Text): void {
    if (!this.#isEmpty) this.#text += ",";
    this.#isEmpty = false;
    if (typeof item === "string") this.#text += item === "" ? "null" : item;
    else {
      this.#pieces.push(this.#take());
      for (const piece of item.pieces) this.#pieces.push(piece);
    }
  }

  #take(): string {
    const text = this.#text;
    this.#text = "";
    return text;
  }
}
