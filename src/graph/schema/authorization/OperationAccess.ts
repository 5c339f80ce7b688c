import { type FieldNode, type GraphQLError, type GraphQLResolveInfo, isNonNullType } from "graphql";
import type { Caller } from "../../../callers/Caller.js";
import type { SiteId } from "../../../domain/ids.js";
import type { Scope } from "../../../domain/Scope.js";
import { forbidden } from "./forbidden.js";
import type { Refused } from "./walkOperation.js";

/**
 * What one operation of a caller who may not do everything may be answered. A field that is refused is null, with one error for
 * each field of the document, however many rows it has.
 */
export class OperationAccess {
  readonly #caller: Caller;
  /** What the walk over the selection found; `null` until it was walked, and until then nothing is answered. */
  #refused: readonly Refused[] | null = null;
  readonly #told = new Set<FieldNode>();

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  get caller(): Caller {
    return this.#caller;
  }

  decide(refused: readonly Refused[]): void {
    this.#refused = refused;
  }

  get isDecided(): boolean {
    return this.#refused !== null;
  }

  /** The answer to a field that is refused: the error where the document's field is met for the first time, then null. */
  refuse(scope: Scope | null, info: GraphQLResolveInfo, siteId: SiteId | null = null): null {
    const [node] = info.fieldNodes;
    const isTold = node === undefined || this.#told.has(node);
    if (node !== undefined) this.#told.add(node);
    // What cannot be null has to fail each time.
    if (!isTold || isNonNullType(info.returnType)) throw forbidden(scope, siteId);
    return null;
  }

  /** Errors of refused fields that no row of the answer came to. */
  untold(): GraphQLError[] {
    return (this.#refused ?? [])
      .filter(({ node }) => !this.#told.has(node))
      .map(({ node, scope }) => forbidden(scope, null, { nodes: [node] }));
  }
}
