import type { Trust } from "../../domain/Complete.js";
import { CompletenessNode } from "../types/CompletenessNode.js";
import { PageInfoNode } from "../types/PageInfoNode.js";
import { encodeCursor, type ListIdentity } from "./cursor.js";

interface PageFacts<Node> {
  readonly list: ListIdentity;
  readonly orderKeys: readonly string[];
  readonly nodes: readonly Node[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** `null` where nothing was counted. */
  readonly count: number | null;
  readonly trust: Trust;
  /** Set when nothing of the list could be read. */
  readonly failure: Error | null;
}

/** What a connection's fields resolve to. */
export interface PageShape<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[] | Error;
  readonly nodes: readonly Node[] | Error;
  readonly pageInfo: PageInfoNode;
  readonly totalCount: number | null;
  readonly completeness: CompletenessNode;
}

/** One page of a connection. Cursors are made only for who asks for them. */
export class Page<Node> implements PageShape<Node> {
  readonly completeness: CompletenessNode;
  readonly #facts: PageFacts<Node>;

  constructor(facts: PageFacts<Node>) {
    this.#facts = facts;
    this.completeness = new CompletenessNode(facts.trust);
  }

  get nodes(): readonly Node[] | Error {
    return this.#failure() ?? this.#facts.nodes;
  }

  get edges(): readonly { cursor: string; node: Node }[] | Error {
    const { nodes, orderKeys, list } = this.#facts;
    return (
      this.#failure() ?? nodes.map((node, index) => ({ cursor: encodeCursor(list, orderKeys[index] ?? ""), node }))
    );
  }

  get pageInfo(): PageInfoNode {
    const { orderKeys, list, hasNextPage, hasPreviousPage } = this.#facts;
    const [first] = orderKeys;
    const last = orderKeys.at(-1);
    return new PageInfoNode({
      hasNextPage,
      hasPreviousPage,
      startCursor: first === undefined ? null : encodeCursor(list, first),
      endCursor: last === undefined ? null : encodeCursor(list, last),
    });
  }

  get totalCount(): number | null {
    return this.#facts.trust.gaps.length === 0 ? this.#facts.count : null;
  }

  /** Why there are no items. Whoever asks for them gets it as an error, and is told by it. */
  #failure(): Error | null {
    const { failure } = this.#facts;
    if (failure !== null) this.completeness.isTold = true;
    return failure;
  }
}
