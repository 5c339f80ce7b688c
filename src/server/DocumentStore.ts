import type { ApolloServerOptions, BaseContext } from "@apollo/server";
import type { DocumentNode } from "graphql";
import { LRUCache } from "lru-cache";

type ApolloDocumentStore = NonNullable<ApolloServerOptions<BaseContext>["documentStore"]>;

interface DocumentStoreLimits {
  /** Source characters of all documents together. */
  readonly totalCharacters: number;
  /** A longer document is not kept. */
  readonly longestDocument: number;
}

/**
 * Documents that were parsed and validated before. Sized by the length of their source: Apollo's own store serialises
 * each document to measure it.
 */
export class DocumentStore implements ApolloDocumentStore {
  readonly #documents: LRUCache<string, DocumentNode>;

  constructor(limits: DocumentStoreLimits) {
    this.#documents = new LRUCache({
      maxSize: limits.totalCharacters,
      maxEntrySize: limits.longestDocument,
      sizeCalculation: (document) => Math.max(1, document.loc?.source.body.length ?? limits.longestDocument),
    });
  }

  async get(key: string): Promise<DocumentNode | undefined> {
    return this.#documents.get(key);
  }

  async set(key: string, document: DocumentNode): Promise<void> {
    this.#documents.set(key, document);
  }

  async delete(key: string): Promise<boolean> {
    return this.#documents.delete(key);
  }
}
