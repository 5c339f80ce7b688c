import type { GraphQLNamedType, GraphQLSchema } from "graphql";

/** What a schema is named by, where others have types of the same names. */
export interface NamingChoice {
  /** What stands before each name; empty where nothing does. Example: `Confluence`. */
  readonly prefix: string;
  /** Whether `Identity`, by which a gateway joins people, keeps its name: its own field has the prefix instead. */
  readonly sharesIdentity: boolean;
}

/** As decorated: no prefix. */
export const ownNaming: NamingChoice = { prefix: "", sharesIdentity: true };

/** Of the specification, of federation, and what all subgraphs mean the same by. */
const shared: ReadonlySet<string> = new Set([
  ...["String", "ID", "Boolean", "Int", "Float", "Query", "Mutation", "Subscription"],
  ...["DateTime", "Node", "PageInfo"],
]);

/** Fields that Relay looks for by their names. */
const sharedFields: ReadonlySet<string> = new Set(["node", "nodes"]);

/**
 * How the names that the code knows are shown. The code keeps its own names everywhere: tables of costs and scopes, `__typename` of nodes,
 * the types in global ids. Only the schema that is served, and what comes in or goes out by a name of it, goes through here.
 */
export class Naming {
  readonly #prefix: string;
  readonly #fieldPrefix: string;
  readonly #isIdentityShared: boolean;
  readonly #shown = new Map<string, string>();

  constructor({ prefix, sharesIdentity }: NamingChoice) {
    this.#prefix = prefix;
    this.#fieldPrefix = uncapitalized(prefix);
    this.#isIdentityShared = sharesIdentity;
  }

  get isOwn(): boolean {
    return this.#prefix === "";
  }

  /** How a type of ours is called in the schema. */
  typeName(own: string): string {
    if (this.isOwn) return own;
    const known = this.#shown.get(own);
    if (known !== undefined) return known;
    const isFederations = own.startsWith("_") || own.includes("__");
    const keeps = shared.has(own) || isFederations || (own === "Identity" && this.#isIdentityShared);
    const shown = keeps ? own : `${this.#prefix}${own}`;
    this.#shown.set(own, shown);
    return shown;
  }

  /** How a field is called: those of the roots, and of types that several subgraphs add to. */
  fieldName(ownType: string, own: string): string {
    if (this.isOwn || own.startsWith("_")) return own;
    const isRoot = ownType === "Query" || ownType === "Mutation";
    const isAdded = ownType === "Identity" && this.#isIdentityShared && own === "accounts";
    if (!isAdded && (!isRoot || sharedFields.has(own))) return own;
    return `${this.#fieldPrefix}${own.charAt(0).toUpperCase()}${own.slice(1)}`;
  }
}

/** `Confluence` is `confluence`, `ACME` is `acme`, `XWiki` is `xWiki`. */
function uncapitalized(prefix: string): string {
  return prefix.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (capitals) => capitals.toLowerCase());
}

const namings = new WeakMap<GraphQLSchema, Naming>();
const own = new Naming(ownNaming);

/** How the names of a schema came about. */
export function namingOf(schema: GraphQLSchema): Naming {
  return namings.get(schema) ?? own;
}

export function noteNaming(schema: GraphQLSchema, naming: Naming): void {
  namings.set(schema, naming);
}

/** The name that the code knows a type or a field by, whatever it is called in its schema. */
export function ownNameOf({
  name,
  extensions,
}: Pick<GraphQLNamedType, "name"> & { readonly extensions: Readonly<Record<string, unknown>> }): string {
  const { ownName } = extensions;
  return typeof ownName === "string" ? ownName : name;
}
