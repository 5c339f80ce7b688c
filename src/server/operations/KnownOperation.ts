import type { DocumentNode, OperationDefinitionNode } from "graphql";

const known = new WeakMap<OperationDefinitionNode, KnownOperation>();

/**
 * One operation of a document that was parsed and validated, and what is known of it once and for all: how deep it is, what it
 * costs, whether its answer may be remembered, its compiled form. It lives as long as its document is kept, and is the same
 * object whichever way the operation is answered.
 */
export class KnownOperation {
  readonly #facts = new Map<(operation: KnownOperation) => unknown, unknown>();
  /** How often it was asked since its document is kept. */
  timesAsked = 0;

  private constructor(
    readonly document: DocumentNode,
    readonly definition: OperationDefinitionNode,
  ) {}

  static of(document: DocumentNode, definition: OperationDefinitionNode): KnownOperation {
    const before = known.get(definition);
    if (before !== undefined) return before;
    const made = new KnownOperation(document, definition);
    known.set(definition, made);
    return made;
  }

  get name(): string | null {
    return this.definition.name?.value ?? null;
  }

  /** A fact of the operation that depends on nothing but the document and the schema; worked out when first asked for. */
  once<Fact>(work: (operation: KnownOperation) => Fact): Fact {
    if (!this.#facts.has(work)) this.#facts.set(work, work(this));
    return this.#facts.get(work) as Fact;
  }
}
