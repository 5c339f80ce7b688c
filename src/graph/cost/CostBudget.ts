import { GraphQLError } from "graphql";
import type { OperationCost } from "./CostShape.js";
import { mostGiven, refusedUnits } from "./fieldCosts.js";

/** What one HTTP request may cost: all operations of its batch together, estimated before and counted while they run. */
export interface CostLimits {
  /** Units: see `fieldCosts`. */
  readonly maxCost: number;
  /** Bytes of an answer. */
  readonly maxResponseBytes: number;
  /** References of one `_entities` field. */
  readonly maxReferences: number;
}

/**
 * An estimate takes every page to be full, which they seldom are: of what an operation may cost, this is what it may really come
 * to. Everything about a site of 500 spaces and 20,000 grants in one operation comes to some 400,000 units, and fits.
 */
const shareAnswered = 0.25;

/** Fields of a document, fragments spread: each is planned before anything of it runs, which takes some ten microseconds. */
const maxPlaces = 10_000;

/**
 * The one bound on what a request is answered with, twice: `QUERY_TOO_EXPENSIVE` before anything is read, by what the document
 * and its variables say, and `RESULT_TOO_LARGE` while it is put together, by what lists really hold.
 */
export class CostBudget {
  #admitted = 0;
  #spent = 0;
  #reserved = 0;
  #refusal: GraphQLError | null = null;

  constructor(readonly limits: CostLimits) {}

  /** Units of what was answered so far. */
  get spent(): number {
    return this.#spent;
  }

  /** Lets an operation run, or throws `QUERY_TOO_EXPENSIVE`, `QUERY_TOO_COMPLEX` or `RESPONSE_TOO_LARGE`. */
  admit({ cost, bytes, places, longestGiven }: OperationCost): void {
    const { maxCost, maxResponseBytes } = this.limits;
    const others = this.#admitted;
    if (cost + others > maxCost) {
      const beside = others === 0 ? "" : `, beside ${shown(others)} of the operations before it in the same request`;
      throw new GraphQLError(
        `The operation may cost ${shown(cost)} units${beside}; at most ${shown(maxCost)} are answered. Ask for smaller pages (\`first\`), fewer fields of the items of lists, or fewer aliases, and for the rest in further requests.`,
        { extensions: { code: "QUERY_TOO_EXPENSIVE", cost: Math.ceil(cost), maxCost, http: { status: 400 } } },
      );
    }
    if (longestGiven > mostGiven) {
      throw new GraphQLError(
        `A list in an argument holds ${shown(longestGiven)} values; at most ${shown(mostGiven)} are taken. Send them in several requests.`,
        { extensions: { code: "BATCH_TOO_LARGE", maxValues: mostGiven, http: { status: 400 } } },
      );
    }
    if (places > maxPlaces) {
      throw new GraphQLError(
        `The operation comes to ${shown(places)} fields where its fragments are spread; at most ${shown(maxPlaces)} are answered. Spread fragments in fewer places, and ask for the rest in further requests.`,
        { extensions: { code: "QUERY_TOO_COMPLEX", fields: Math.ceil(places), http: { status: 400 } } },
      );
    }
    if (bytes > maxResponseBytes) throw responseTooLarge(maxResponseBytes, bytes);
    this.#admitted += cost;
  }

  /** Counts items of a list that are answered with an error each; throws as `take` does. */
  takeRefused(count: number): void {
    if (count > 0) this.take(count * refusedUnits);
  }

  /** The same of one, which was looked at while there was room: see `noRoom`. */
  countRefused(): void {
    this.#spent = Math.min(this.#spent + refusedUnits, this.#most);
  }

  /** What there is to say of an item where not even the error of one more would fit; `null` where it would. */
  get noRoom(): GraphQLError | null {
    return this.#spent + refusedUnits > this.#most ? this.#refuse() : null;
  }

  /** Counts what a list is answered with; throws `RESULT_TOO_LARGE` where it does not fit any more. */
  take(units: number): void {
    // What does not fit leaves room for what does: the others of the answer are whole.
    if (this.#spent + units > this.#most) throw this.#refuse();
    this.#spent += units;
  }

  /** Sees that there is room for work which is begun now and counted by `takeReserved`; throws as `take` does. */
  reserve(units: number): void {
    if (this.#spent + this.#reserved + units > this.#most) throw this.#refuse();
    this.#reserved += units;
  }

  /** Counts it; throws as `take` does, for others may have taken the room meanwhile. */
  takeReserved(units: number): void {
    this.#reserved -= units;
    this.take(units);
  }

  get #most(): number {
    return this.limits.maxCost * shareAnswered;
  }

  /** One for all of them: making an error takes longer than a row. */
  #refuse(): GraphQLError {
    this.#refusal ??= new GraphQLError(
      `The answer would cost more than ${shown(this.#most)} units: that is what its lists really hold. Ask for smaller pages (\`first\`) on the nested lists, and for fewer things that are none.`,
      { extensions: { code: "RESULT_TOO_LARGE", maxCost: this.#most } },
    );
    return this.#refusal;
  }
}

/** An answer of more bytes than are sent; the estimate is given where nothing was read for it. */
export function responseTooLarge(maxBytes: number, estimate: number | null): GraphQLError {
  const size = estimate === null ? "is" : `may be ${inMegabytes(estimate)} long,`;
  return new GraphQLError(
    `The answer ${size} longer than ${inMegabytes(maxBytes)}, the most that is sent. Ask for smaller pages (\`first\`), fewer fields, or shorter aliases.`,
    { extensions: { code: "RESPONSE_TOO_LARGE", maxBytes, http: { status: 400 } } },
  );
}

function inMegabytes(bytes: number): string {
  return `${shown(Math.max(1, Math.round(bytes / (1024 * 1024))))} MB`;
}

/** A figure as people read it; one beyond all bounds as what it is. */
function shown(figure: number): string {
  return figure > 1e15 ? "over 1,000,000,000,000,000" : Math.ceil(figure).toLocaleString("en-US");
}
