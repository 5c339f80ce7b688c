import type { GraphQLResolveInfo } from "graphql";
import { siteErrorOf } from "../../../domain/SiteError.js";
import type { LoaderDeclaration } from "../../../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../../../loaders/engine/SiteLoaders.js";
import { selectsBeyond } from "../selection.js";

/** As many are kept for one operation, and then others. */
const mostKept = 2_000;

/** How nodes of one kind come about: what is read of them where a query selects more than fields that are free. */
interface Kind<Id extends string, Facts, Node> {
  readonly typeName: string;
  readonly free: ReadonlySet<string>;
  readonly facts: LoaderDeclaration<Id, Facts>;
  make(loaders: SiteLoaders, id: Id, facts: Facts | null | Error): Node;
}

/**
 * The nodes of one kind that rows of an operation name: the same thing in row after row is the same node for as long as what is known of it
 * is the same, so that it is made once, and its text written once.
 */
export class SharedNodes<Id extends string, Facts, Node> {
  readonly #kind: Kind<Id, Facts, Node>;
  readonly #start = () => new Map<Id, { readonly facts: Facts | null | Error; readonly node: Node }>();

  constructor(kind: Kind<Id, Facts, Node>) {
    this.#kind = kind;
  }

  /** Its facts are read only when the query selects any, and it is there at once where they are known. */
  of(
    loaders: SiteLoaders,
    id: Id,
    info: GraphQLResolveInfo,
    paths?: readonly (readonly string[])[],
  ): Node | Promise<Node> {
    const { typeName, free, facts } = this.#kind;
    if (!selectsBeyond(info, typeName, free, paths)) return this.#share(loaders, id, null);
    const read = loaders.of(facts).get(id);
    if (!(read instanceof Promise)) return this.#share(loaders, id, read);
    return read.then(
      (known) => this.#share(loaders, id, known),
      (error: unknown) => this.#share(loaders, id, siteErrorOf(error)),
    );
  }

  #share(loaders: SiteLoaders, id: Id, facts: Facts | null | Error): Node {
    const nodes = loaders.madeBy(this.#start);
    const known = nodes.get(id);
    if (known !== undefined && known.facts === facts) return known.node;
    if (nodes.size >= mostKept) nodes.clear();
    const node = this.#kind.make(loaders, id, facts);
    nodes.set(id, { facts, node });
    return node;
  }
}
