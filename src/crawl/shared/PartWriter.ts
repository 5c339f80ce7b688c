import type { AccessIndex } from "../../access/index/AccessIndex.js";
import type { PartName } from "../../access/index/copies/ChangedParts.js";
import type { PartCopy } from "../../access/index/copies/PartCopies.js";
import type { CrawlMemory } from "../CrawlMemory.js";
import { inCrawlSlices } from "../inCrawlSlices.js";
import { copyListed, copyMemory } from "./crawlCopy.js";
import type { Envelopes } from "./Envelopes.js";
import type { PartShelf, ShelvedPart } from "./PartShelf.js";
import type { SharedIndexHost } from "./SharedIndexHost.js";
import type { TouchedParts } from "./TouchedParts.js";

/** Parts that are copied between two writes. */
const partsAWrite = 64;

interface PartWriterOptions {
  readonly shelf: PartShelf;
  readonly touched: TouchedParts;
  readonly host: SharedIndexHost;
  readonly envelopes: Envelopes;
}

/** Writes what of an index was changed to where the other processes find it. */
export class PartWriter {
  readonly #options: PartWriterOptions;
  #writtenUpTo: string | null = null;
  #writtenCrawl: string | null = null;
  #writtenListed: CrawlMemory["listedGroups"] | undefined;

  constructor(options: PartWriterOptions) {
    this.#options = options;
  }

  /** What was written may be gone. */
  forget(): void {
    this.#writtenUpTo = null;
    this.#writtenCrawl = null;
    this.#writtenListed = undefined;
  }

  /** Whatever this process has, others may lack. */
  noteAll(): Promise<void> {
    return inCrawlSlices(this.#options.host.index.copies.notingAll());
  }

  /** Answers false where another process reads meanwhile, and nothing more was written. */
  async write(fence: number): Promise<boolean> {
    const { envelopes, host, shelf, touched } = this.#options;
    const { index, memory } = host;
    // All of one moment: what is remembered tells of no part that is not written with it or before it.
    const { upTo } = touched;
    if (upTo === null) return true;
    const crawl = { of: "crawl", memory: copyMemory(memory), told: host.told() } as const;
    const { listedGroups } = memory;
    const text = JSON.stringify(crawl);
    if (!(await this.#writeParts(fence, index))) return false;
    // What was read does not count meanwhile.
    if (host.index !== index) return true;
    const rest: ShelvedPart[] = [];
    if (listedGroups !== this.#writtenListed)
      rest.push({ name: "listed", value: envelopes.wrap({ of: "listed", groups: copyListed(listedGroups) }) });
    if (text !== this.#writtenCrawl) rest.push({ name: "crawl", value: envelopes.wrap(crawl) });
    if (rest.length === 0 && upTo === this.#writtenUpTo) return true;
    if (!(await shelf.write(fence, rest, upTo))) return false;
    this.#writtenListed = listedGroups;
    this.#writtenCrawl = text;
    this.#writtenUpTo = upTo;
    return true;
  }

  async #writeParts(fence: number, index: AccessIndex): Promise<boolean> {
    const { changed } = index.copies;
    let left = changed.size;
    while (left > 0 && this.#options.host.index === index) {
      const names = changed.take(Math.min(left, partsAWrite));
      left -= names.length;
      let isWritten = false;
      try {
        isWritten = await this.#options.shelf.write(fence, await this.#copy(index, names), null);
      } finally {
        if (!isWritten) for (const name of names) changed.note(name);
      }
      if (!isWritten) return false;
    }
    return true;
  }

  async #copy(index: AccessIndex, names: readonly PartName[]): Promise<ShelvedPart[]> {
    const { envelopes, host } = this.#options;
    const parts: ShelvedPart[] = [];
    await inCrawlSlices(
      (function* () {
        for (const name of names) {
          const id = name.slice(name.indexOf(":") + 1);
          // A copy is of when it was begun: what was in doubt then, is in it whatever was read meanwhile.
          const wasInDoubt = host.isInDoubt(id);
          const copy = yield* index.copies.copying(name);
          parts.push({ name, value: envelopes.wrap(wasInDoubt || host.isInDoubt(id) ? unread(copy) : copy) });
          yield;
        }
      })(),
    );
    return parts;
  }
}

/** What is in doubt is to be read by whoever takes it over. */
function unread(copy: PartCopy): PartCopy {
  if (copy.of === "group" && copy.group.reading !== null)
    return { ...copy, group: { ...copy.group, reading: { ...copy.group.reading, asOf: null } } };
  if (copy.of === "space" && copy.grants.reading !== null)
    return { ...copy, grants: { ...copy.grants, reading: { ...copy.grants.reading, asOf: null } } };
  return copy;
}
