import { createHash } from "node:crypto";
import { type ClassType, Directive, Field, Int, ObjectType } from "type-graphql";
import type { Trust } from "../../domain/Complete.js";
import type { Sequence } from "../../readings/lists/Sequence.js";
import { CompletenessNode } from "../completeness/CompletenessNode.js";
import { InputError } from "../errors/errorCodes.js";

/** Which list a cursor belongs to: the field, its parent and its filter. A cursor is good for that list alone. */
export type ListIdentity = readonly unknown[];

/** An opaque cursor: after which item, in which list. It names the item's place by order key, so a deleted item loses nothing. */
export function encodeCursor(list: ListIdentity, orderKey: string): string {
  return cursorsOf(list)(orderKey);
}

/** The same for all items of a page: which list it is, is told once. */
function cursorsOf(list: ListIdentity): (orderKey: string) => string {
  const listPart = fingerprint(list);
  return (orderKey) => Buffer.from(JSON.stringify([listPart, orderKey])).toString("base64url");
}

/** The order key that a cursor of this list stands after; throws `BAD_USER_INPUT` for any other text. */
export function decodeCursor(list: ListIdentity, cursor: string): string {
  const [listPart, orderKey] = readParts(cursor);
  if (listPart !== fingerprint(list)) {
    throw new InputError(
      "CURSOR_OF_ANOTHER_LIST",
      "after",
      "This cursor belongs to another list. Use cursors only with the field, parent and filter that they came from.",
    );
  }
  return orderKey;
}

function readParts(cursor: string): [string, string] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (Array.isArray(parts) && parts.length === 2) {
      const [list, orderKey]: unknown[] = parts;
      if (typeof list === "string" && typeof orderKey === "string") return [list, orderKey];
    }
  } catch {
    // Falls through to the one message below: how a cursor is broken helps nobody.
  }
  throw new InputError(
    "INVALID_CURSOR",
    "after",
    "This is not a cursor. Pass `pageInfo.endCursor` or `edges.cursor` of the page before exactly as it was answered.",
  );
}

function fingerprint(list: ListIdentity): string {
  return createHash("sha256").update(JSON.stringify(list)).digest("base64url").slice(0, 12);
}

@Directive("@shareable")
@ObjectType("PageInfo", { simpleResolvers: true, description: "Where a page stands in its list (Relay)." })
class PageInfoNode {
  @Field(() => Boolean, { description: "True when there are items after this page: pass `endCursor` as `after`." })
  readonly hasNextPage: boolean;

  @Field(() => Boolean, { description: "True when there are items before this page." })
  readonly hasPreviousPage: boolean;

  @Field(() => String, { nullable: true, description: "The cursor of the first item; null on an empty page." })
  readonly startCursor: string | null;

  @Field(() => String, { nullable: true, description: "The cursor of the last item; null on an empty page." })
  readonly endCursor: string | null;

  constructor(facts: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  }) {
    this.hasNextPage = facts.hasNextPage;
    this.hasPreviousPage = facts.hasPreviousPage;
    this.startCursor = facts.startCursor;
    this.endCursor = facts.endCursor;
  }
}

interface PageFacts<Node> {
  readonly list: ListIdentity;
  readonly orderKeys: Pick<Sequence<string>, "length" | "at">;
  readonly nodes: readonly Node[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** `null` where nothing was counted. */
  readonly count: number | null;
  readonly trust: Trust;
  /** Set when nothing of the list could be read. */
  readonly failure: Error | null;
  /** Makes an edge that tells more than its cursor, of the item at a place of the page. */
  edgeOf?(edge: PageEdge<Node>, index: number): PageEdge<Node>;
}

/** An item of a page with its cursor. */
export interface PageEdge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

/** One whose cursor is made for who asks for it: of a thousand of them it takes longer than all else of a page. */
class PlacedEdge<Node> implements PageEdge<Node> {
  constructor(
    readonly node: Node,
    readonly orderKey: string,
    readonly cursorOf: (orderKey: string) => string,
  ) {}

  get cursor(): string {
    return this.cursorOf(this.orderKey);
  }
}

/** What a connection's fields resolve to. */
interface PageShape<Node> {
  readonly edges: readonly PageEdge<Node>[] | Error;
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

  get edges(): readonly PageEdge<Node>[] | Error {
    const { nodes, orderKeys, list, edgeOf } = this.#facts;
    const cursorOf = cursorsOf(list);
    const edges = () => nodes.map((node, index) => new PlacedEdge(node, orderKeys.at(index) ?? "", cursorOf));
    return this.#failure() ?? (edgeOf === undefined ? edges() : edges().map(edgeOf));
  }

  get pageInfo(): PageInfoNode {
    const { orderKeys, list, hasNextPage, hasPreviousPage } = this.#facts;
    const first = orderKeys.at(0);
    const last = orderKeys.at(orderKeys.length - 1);
    const cursorOf = cursorsOf(list);
    return new PageInfoNode({
      hasNextPage,
      hasPreviousPage,
      startCursor: first === undefined ? null : cursorOf(first),
      endCursor: last === undefined ? null : cursorOf(last),
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

/** What a list tells beside what every list tells: fields that its edges, or its pages, have from a class of their own. */
interface MoreOfList {
  readonly edge?: ClassType<object>;
  readonly page?: ClassType<object>;
  readonly descriptions?: { readonly edge: string; readonly page: string };
}

class Plain {}

/** The Relay connection and edge types of one node type. The runtime value is a `Page`. */
export function defineConnection<Node extends object>(
  name: string,
  nodeClass: () => ClassType<Node>,
  { edge: EdgeFields = Plain, page: PageFields = Plain, descriptions }: MoreOfList = {},
): ClassType<PageShape<Node>> {
  @ObjectType(`${name}Edge`, {
    simpleResolvers: true,
    description: descriptions?.edge ?? `One ${name} in a list, with its cursor.`,
  })
  class Edge extends EdgeFields {
    @Field(() => String, { description: "Pass as `after` to continue behind this item. Good for this list alone." })
    readonly cursor!: string;

    @Field(nodeClass, { description: "The item." })
    readonly node!: Node;
  }

  @ObjectType(`${name}Connection`, {
    simpleResolvers: true,
    description: descriptions?.page ?? `A page of a list of ${name} items, and how far the list can be trusted.`,
  })
  class Connection extends PageFields implements PageShape<Node> {
    @Field(() => [Edge], {
      nullable: true,
      description:
        "The items with their cursors. Null, with an error, when nothing of the list could be read: an empty list always means that there are none.",
    })
    readonly edges!: PageShape<Node>["edges"];

    @Field(() => [nodeClass()], {
      nullable: true,
      description:
        "The items. Null, with an error, when nothing of the list could be read: an empty list always means that there are none.",
    })
    readonly nodes!: PageShape<Node>["nodes"];

    @Field(() => PageInfoNode, { description: "Where this page stands in the list." })
    readonly pageInfo!: PageInfoNode;

    @Field(() => Int, {
      nullable: true,
      description: "How many items the whole list holds; null when the list was not read whole.",
    })
    readonly totalCount!: number | null;

    @Field(() => CompletenessNode, {
      description: "Whether the list was read whole, and if not, what is missing and why.",
    })
    readonly completeness!: CompletenessNode;
  }

  return Connection;
}
