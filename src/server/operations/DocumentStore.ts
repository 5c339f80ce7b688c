import type { ApolloServerOptions, BaseContext } from "@apollo/server";
import { type DocumentNode, getOperationAST, type Location, type Token } from "graphql";
import { LRUCache } from "lru-cache";
import { SeenKeys } from "../answers/SeenKeys.js";
import { KnownOperation } from "./KnownOperation.js";

type ApolloDocumentStore = NonNullable<ApolloServerOptions<BaseContext>["documentStore"]>;

interface DocumentStoreLimits {
  /** What all documents take together that were asked again. */
  readonly maxBytes: number;
  /** And those that were asked once, as far as is known. */
  readonly maxOnceBytes: number;
  /** A document that takes more is not kept. */
  readonly maxDocumentBytes: number;
}

/**
 * What a parsed document takes for each token, with the nodes made of it: 240 to 480 bytes were measured, the most of names of
 * fields, one after the other. By the length of its source it may be 45 bytes a character, or 325.
 */
const bytesPerToken = 400;

/** Documents that are known again when they are asked a second time, though they were let go: by hash. */
const documentsSeen = 20_000;

interface Kept {
  readonly key: string;
  readonly document: DocumentNode;
}

/**
 * Documents that were parsed and validated before, with every limit of theirs: Apollo finds them by a hash of their text, and
 * who answers without Apollo by the text itself. Sized by their tokens: Apollo's own store serialises each document to measure it.
 *
 * Those that were asked once are kept apart, and few of them. Many clients write what they ask about into their documents, each of
 * which comes once: they neither fill the memory of a process nor crowd those out that come again.
 */
export class DocumentStore implements ApolloDocumentStore {
  readonly #once: LRUCache<string, DocumentNode>;
  readonly #again: LRUCache<string, DocumentNode>;
  readonly #seen = new SeenKeys(documentsSeen);
  readonly #byText = new Map<string, Kept>();
  /** Texts by the SHA-256 that Apollo's keys end with. */
  readonly #byHash = new Map<string, string>();

  constructor({ maxBytes, maxOnceBytes, maxDocumentBytes }: DocumentStoreLimits) {
    const storeOf = (maxSize: number) =>
      new LRUCache<string, DocumentNode>({
        maxSize,
        maxEntrySize: maxDocumentBytes,
        sizeCalculation: ({ loc }) => (loc === undefined ? maxDocumentBytes : bytesOf(loc)),
        dispose: (document, key) => {
          this.#byText.delete(document.loc?.source.body ?? "");
          this.#byHash.delete(hashIn(key));
        },
      });
    this.#once = storeOf(maxOnceBytes);
    this.#again = storeOf(maxBytes);
  }

  /** The operation of a document kept that is meant by a name, or by none where there is but one; else `null`. */
  operationOf(text: string, name: string | null): KnownOperation | null {
    const kept = this.#byText.get(text);
    if (kept === undefined) return null;
    // Used just now: it is not the next to go.
    this.#use(kept.key);
    const definition = getOperationAST(kept.document, name);
    return definition === null || definition === undefined ? null : KnownOperation.of(kept.document, definition);
  }

  /** The text of a document kept, by its SHA-256. */
  textOf(hash: string): string | undefined {
    return this.#byHash.get(hash);
  }

  async get(key: string): Promise<DocumentNode | undefined> {
    return this.#use(key);
  }

  async set(key: string, document: DocumentNode): Promise<void> {
    this.#keep(key, document, this.#seen.note(key) ? this.#again : this.#once);
  }

  async delete(key: string): Promise<boolean> {
    const wasAskedOnce = this.#once.delete(key);
    return this.#again.delete(key) || wasAskedOnce;
  }

  /** What is kept, for metrics and tests. */
  counters(): { entries: number; bytes: number } {
    return {
      entries: this.#once.size + this.#again.size,
      bytes: this.#once.calculatedSize + this.#again.calculatedSize,
    };
  }

  #use(key: string): DocumentNode | undefined {
    const again = this.#again.get(key);
    if (again !== undefined) return again;
    const once = this.#once.peek(key);
    if (once !== undefined) this.#keep(key, once, this.#again);
    return once;
  }

  #keep(key: string, document: DocumentNode, store: LRUCache<string, DocumentNode>): void {
    // In one of them at a time: what is let go of one is forgotten by its text.
    this.#once.delete(key);
    this.#again.delete(key);
    store.set(key, document);
    const text = document.loc?.source.body;
    // What is too long was not kept.
    if (text === undefined || !store.has(key)) return;
    this.#byText.set(text, { key, document });
    this.#byHash.set(hashIn(key), text);
  }
}

function bytesOf({ source, startToken }: Location): number {
  let bytes = 2 * source.body.length;
  for (let token: Token | null = startToken; token !== null; token = token.next) bytes += bytesPerToken;
  return bytes;
}

/** Before it stands what tells schemas apart. */
function hashIn(key: string): string {
  return key.slice(-64);
}
