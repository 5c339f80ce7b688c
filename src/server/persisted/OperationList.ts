import { createHash } from "node:crypto";
import { stripIgnoredCharacters } from "graphql";
import {
  type ListedOperation,
  type OperationsFile,
  operationsFromText,
} from "../../config/operations/operationsFromText.js";
import { WatchedFile } from "../../config/WatchedFile.js";
import type { Clock } from "../../domain/Clock.js";
import type { StructuredLogger } from "../../observability/Logger.js";
import { serverLimits } from "../limits.js";

/** Texts of operations by their ids and hashes, and by what they say whatever their blanks. */
interface Table {
  readonly byId: ReadonlyMap<string, string>;
  readonly bySense: ReadonlyMap<string, string>;
  readonly texts: ReadonlySet<string>;
  /** No text that is longer by blanks and comments than this says the same as a listed one. */
  readonly longest: number;
}

interface OperationListOptions {
  readonly file: OperationsFile;
  readonly clock: Clock;
  readonly logger: StructuredLogger;
}

/** The operations of a file that is read again when it changes. One with a fault leaves those that there were. */
export class OperationList {
  readonly #options: OperationListOptions;
  readonly #file: WatchedFile;
  #table: Table;

  private constructor(options: OperationListOptions, table: Table) {
    this.#options = options;
    this.#table = table;
    const { logger, clock, file } = options;
    const variable = "OPERATIONS_FILE";
    this.#file = new WatchedFile({
      ...{ path: file.path, text: file.text, clock },
      take: (text) => this.#take(text),
      lose: (code) =>
        logger.error({ variable }, `the file of operations cannot be read${code}: operations stay as they were`),
    });
  }

  static async open(options: OperationListOptions): Promise<OperationList> {
    return new OperationList(options, await tableOf(options.file.operations));
  }

  /** The operation of an id, or of the SHA-256 of its text. */
  textOf(id: string): string | undefined {
    return this.#table.byId.get(id);
  }

  /** The listed operation that a text is, but for blanks, commas and comments; `undefined` where there is none. */
  listed(text: string): string | undefined {
    const { texts, bySense, longest } = this.#table;
    if (texts.has(text)) return text;
    if (text.length > longest) return undefined;
    const sense = senseOf(text);
    return sense === null ? undefined : bySense.get(sense);
  }

  watch(): void {
    void this.#file.watch();
  }

  reload(): Promise<void> {
    return this.#file.read();
  }

  close(): void {
    this.#file.close();
  }

  async #take(text: string): Promise<void> {
    const { logger } = this.#options;
    const variable = "OPERATIONS_FILE";
    const problems: string[] = [];
    const operations = operationsFromText(text, (where, problem) => problems.push(`${where} ${problem}`.trim()));
    if (operations === null) {
      logger.error({ variable, problems }, "the file of operations has faults: operations stay as they were");
      return;
    }
    this.#table = await tableOf(operations);
    logger.info({ operations: operations.length }, "the file of operations was read");
  }
}

/** Others have their turn meanwhile. */
async function tableOf(operations: readonly ListedOperation[]): Promise<Table> {
  const byId = new Map<string, string>();
  const byHash = new Map<string, string>();
  const bySense = new Map<string, string>();
  let longest = 0;
  let sinceTurn = 0;
  for (const { id, text } of operations) {
    byId.set(id, text);
    byHash.set(createHash("sha256").update(text).digest("hex"), text);
    bySense.set(senseOf(text) ?? text, text);
    longest = Math.max(longest, text.length);
    sinceTurn += text.length;
    if (sinceTurn < serverLimits.documentStepCharacters) continue;
    sinceTurn = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
  // What the file calls an operation counts before what its text is.
  return {
    byId: new Map([...byHash, ...byId]),
    ...{ bySense, texts: new Set(byId.values()), longest: 2 * longest + serverLimits.documentStepCharacters },
  };
}

function senseOf(text: string): string | null {
  try {
    return stripIgnoredCharacters(text);
  } catch {
    return null;
  }
}
