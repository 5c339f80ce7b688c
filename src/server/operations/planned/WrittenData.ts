import { type GraphQLResolveInfo, responsePathAsArray } from "graphql";

import { piecesOf, type Text } from "./texts.js";

type Path = GraphQLResolveInfo["path"];

/** The data of an answer as the text that is sent: a plan writes it as it goes, and no objects are made of it. */
export class WrittenData {
  /** To the types of GraphQL it is data like any other. */
  readonly [name: string]: unknown;
  readonly pieces: readonly string[];
  readonly #nulled: ReadonlySet<Path | undefined>;
  #places: ReadonlySet<string> | null = null;

  /** @param nulled where errors left null */
  constructor(text: Text, nulled: ReadonlySet<Path | undefined>) {
    this.pieces = piecesOf(text);
    this.#nulled = nulled;
  }

  /** Whether an error left null at a place of the answer, or above it. */
  isNulledAt(path: readonly (string | number)[]): boolean {
    if (this.#nulled.size === 0) return false;
    this.#places ??= new Set(
      [...this.#nulled].map((place) => nameOf(place === undefined ? [] : responsePathAsArray(place))),
    );
    for (let length = 0; length <= path.length; length += 1) {
      if (this.#places.has(nameOf(path.slice(0, length)))) return true;
    }
    return false;
  }

  get text(): string {
    return this.pieces.join("");
  }

  /** For whoever writes it in another way. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

function nameOf(path: readonly (string | number)[]): string {
  return path.join("\u0000");
}
