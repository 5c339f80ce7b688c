import type { ApolloServerOptions, BaseContext } from "@apollo/server";
import { type DocumentNode, getOperationAST, type Location, type Token } from "graphql";
import { LRUCache } from "lru-cache";
import { KnownOperation } from "./KnownOperation.js";

type ApolloDocumentStore = NonNullable<ApolloServerOptions<BaseContext>["documentStore"]>;

interface DocumentStoreLimits {
  /** What all documents take together. */
  readonly maxBytes: number;
  /** A document that takes more is not kept. */
  readonly maxDocumentBytes: number;
}

/**
 * What a parsed document takes for each token, with the nodes made of it: 240 to 480 bytes were measured, the most of names of
 * fields, one after the other. By the length of its source it may be 45 bytes a character, or 325.
 */
const bytesPerToken = 400;

/**
 * Documents that were parsed and validated before, with every limit of theirs: Apollo finds them by a hash of their text, and
 * who answers without Apollo by the text itself. Sized by their tokens: Apollo's own store serialises each document to measure it.
 */
export class DocumentStore implements ApolloDocumentStore {
  readonly #documents: LRUCache<string, DocumentNode>;
  readonly #byText = new Map<string, { readonly key: string; readonly document: DocumentNode }>();
  /** Texts by the SHA-256 that Apollo's keys end with. */
  readonly #byHash = new Map<string, string>();

  constructor(limits: DocumentStoreLimits) {
    this.#documents = new LRUCache({
      maxSize: limits.maxBytes,
      maxEntrySize: limits.maxDocumentBytes,
      sizeCalculation: ({ loc }) => (loc === undefined ? limits.maxDocumentBytes : bytesOf(loc)),
      dispose: (document, key) => {
        this.#byText.delete(document.loc?.source.body ?? "");
        this.#byHash.delete(hashIn(key));
      },
    });
  }

  /** The operation of a document kept that is meant by a name, or by none where there is but one; else `null`. */
  operationOf(text: string, name: string | null): KnownOperation | null {
    const kept = this.#byText.get(text);
    if (kept === undefined) return null;
    // Used just now: it is not the next to go.
    this.#documents.get(kept.key);
    const definition = getOperationAST(kept.document, name);
    return definition === null || definition === undefined ? null : KnownOperation.of(kept.document, definition);
  }

  /** The text of a document kept, by its SHA-256. */
  textOf(hash: string): string | undefined {
    return this.#byHash.get(hash);
  }

  async get(key: string): Promise<DocumentNode | undefined> {
    return this.#documents.get(key);
  }

  async set(key: string, document: DocumentNode): Promise<void> {
    this.#documents.set(key, document);
    const text = document.loc?.source.body;
    // What is too long was not kept.
    if (text === undefined || !this.#documents.has(key)) return;
    this.#byText.set(text, { key, document });
    this.#byHash.set(hashIn(key), text);
  }

  async delete(key: string): Promise<boolean> {
    return this.#documents.delete(key);
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
