import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { Random } from "../../sandbox/src/world/generation/random.js";

/** What the operations may name: ids and words of the world that is asked, so that some of them reach something. */
export interface Vocabulary {
  readonly ids: readonly string[];
  readonly words: readonly string[];
  readonly siteIds: readonly string[];
}

export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const entities = ["Account", "Group", "Space", "Grant", "Site", "Identity"];
/** Names of things that are no entities, and names that every object has. */
const impostors = ["X", "Query", "Gap", "String", "__proto__", "constructor", "toString", "_Any", ""];
const nasty = [
  "",
  " ",
  "x".repeat(300),
  "a/b",
  "../..",
  "%2F",
  "null",
  "🦉",
  "\u0000",
  "'\"",
  "<b>",
  "0",
  "-1",
  "W10",
  "eyJ9",
];
const maxDepth = 7;

/** Makes operations out of a schema: the same seed makes the same ones. Selections, arguments good and bad, aliases, fragments. */
export class OperationMaker {
  readonly #schema: GraphQLSchema;
  readonly #words: Vocabulary;
  readonly #random: Random;
  #fragments: string[] = [];
  #variables = new Map<string, { readonly type: string; readonly value: unknown }>();

  constructor(schema: GraphQLSchema, words: Vocabulary, seed: string) {
    this.#schema = schema;
    this.#words = words;
    this.#random = new Random(seed);
  }

  next(): Operation {
    this.#fragments = [];
    this.#variables = new Map();
    const isMutation = this.#random.isLikely(0.12);
    const root = isMutation ? this.#schema.getMutationType() : this.#schema.getQueryType();
    if (!root) throw new Error("the schema has no root type");
    const selection = isMutation
      ? this.#mutation(root)
      : this.#selection(root, this.#random.isLikely(0.1) ? maxDepth + 9 : 2 + this.#random.below(maxDepth - 1));
    const declared = [...this.#variables].map(([name, { type }]) => `$${name}: ${type}`).join(", ");
    const head = `${isMutation ? "mutation" : "query"} Fuzz${declared === "" ? "" : `(${declared})`}`;
    return {
      query: [`${head} ${selection}`, ...this.#fragments].join("\n"),
      variables: Object.fromEntries([...this.#variables].map(([name, { value }]) => [name, value])),
    };
  }

  #mutation(root: GraphQLNamedType): string {
    const fields = isObjectType(root) ? Object.values(root.getFields()) : [];
    const field = this.#pick(fields);
    return field === undefined ? "{ __typename }" : `{ ${this.#field(field, 4)} }`;
  }

  #selection(type: GraphQLNamedType, depth: number): string {
    const parts: string[] = [];
    if (isAbstractType(type)) {
      const possible = this.#schema.getPossibleTypes(type);
      for (const each of this.#some(possible, 3)) parts.push(`... on ${each.name} ${this.#selection(each, depth)}`);
    } else if (isObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        ({ type: of }) => depth > 1 || isLeafType(getNamedType(of)),
      );
      for (const field of this.#some(fields, depth > 2 ? 4 : 6))
        parts.push(this.#fragmented(type, this.#field(field, depth)));
    }
    if (parts.length === 0 || this.#random.isLikely(0.2)) parts.push("__typename");
    return `{ ${parts.join(" ")} }`;
  }

  #fragmented(type: GraphQLNamedType, field: string): string {
    if (this.#random.isLikely(0.08)) {
      const name = `F${this.#fragments.length}`;
      this.#fragments.push(`fragment ${name} on ${type.name} { ${field} }`);
      return `...${name}`;
    }
    return this.#random.isLikely(0.06) ? `... on ${type.name} { ${field} }` : field;
  }

  #field(field: GraphQLField<unknown, unknown>, depth: number): string {
    // Two fields of a name with other arguments conflict; an alias of its own keeps most operations valid.
    const alias = field.args.length > 0 || this.#random.isLikely(0.1) ? `a${this.#random.below(1_000_000)}: ` : "";
    const condition = this.#random.isLikely(0.05)
      ? ` @${this.#pick(["skip", "include"])}(if: ${this.#random.isLikely(0.5)})`
      : "";
    return `${alias}${field.name}${this.#args(field)}${condition}${this.#below(field.type, depth)}`;
  }

  #below(type: GraphQLOutputType, depth: number): string {
    const named = getNamedType(type);
    return isLeafType(named) ? "" : ` ${this.#selection(named, depth - 1)}`;
  }

  #args(field: GraphQLField<unknown, unknown>): string {
    const given = field.args.filter((arg) => isNonNullType(arg.type) || this.#random.isLikely(0.3));
    if (given.length === 0) return "";
    const shown = given.map((arg) => `${arg.name}: ${this.#argument(field, arg)}`);
    return `(${shown.join(", ")})`;
  }

  #argument(field: GraphQLField<unknown, unknown>, arg: GraphQLArgument): string {
    const value = field.name === "_entities" ? this.#representations() : this.#value(arg.type, arg.name, 0);
    if (this.#random.isLikely(0.4)) {
      const name = `v${this.#variables.size}`;
      this.#variables.set(name, { type: String(arg.type), value: plain(value) });
      return `$${name}`;
    }
    return print(value);
  }

  #representations(): unknown[] {
    return Array.from({ length: this.#random.below(6) }, () => this.#representation());
  }

  #representation(): unknown {
    if (this.#random.isLikely(0.1)) return this.#pick([null, 7, "text", [], true, {}]) ?? {};
    const reference: Record<string, unknown> = {
      __typename: this.#random.isLikely(0.85) ? this.#pick(entities) : this.#pick(impostors),
    };
    for (const key of ["id", "siteId", "accountId", "groupId", "spaceId", "key", "email", "atlassianAccountId"]) {
      if (this.#random.isLikely(0.35)) reference[key] = this.#random.isLikely(0.95) ? this.#text(key) : 12;
    }
    if (this.#random.isLikely(0.03)) reference.__typename = { toString: "Account" };
    return reference;
  }

  #value(type: GraphQLInputType, name: string, depth: number): unknown {
    if (isNonNullType(type)) return this.#random.isLikely(0.01) ? null : this.#value(type.ofType, name, depth);
    if (this.#random.isLikely(0.03)) return null;
    if (isListType(type)) {
      const count = this.#random.isLikely(0.02) ? 300 : this.#random.below(3);
      return Array.from({ length: count }, () => this.#value(type.ofType, name, depth));
    }
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isNonNullType(field.type) || (depth < 3 && this.#random.isLikely(0.35)),
      );
      return Object.fromEntries(fields.map((field) => [field.name, this.#value(field.type, field.name, depth + 1)]));
    }
    if (isEnumType(type)) return new EnumWord(this.#pick(type.getValues())?.name ?? "NONE");
    switch (getNamedType(type).name) {
      case "Int":
        return this.#pick([1, 2, 3, 5, 10, 100, 0, -1, 1000, 1001, 2_147_483_647]);
      case "Boolean":
        return name === "dryRun" || this.#random.isLikely(0.5);
      case "DateTime":
        return this.#pick(["2026-01-01T00:00:00Z", "2031-12-31T23:59:59.999Z", "yesterday"]);
      default:
        return this.#text(name);
    }
  }

  #text(name: string): string {
    if (this.#random.isLikely(0.12)) return this.#pick(nasty) ?? "";
    if (name === "siteId" || name === "site") return this.#pick(this.#words.siteIds) ?? "";
    if (this.#random.isLikely(0.5)) return this.#pick(this.#words.ids) ?? "";
    return this.#pick(this.#words.words) ?? "";
  }

  #some<T>(from: readonly T[], upTo: number): T[] {
    if (from.length === 0) return [];
    return this.#random.sample(1 + this.#random.below(upTo), from.length).flatMap((index) => from[index] ?? []);
  }

  #pick<T>(from: readonly T[]): T | undefined {
    return from[this.#random.below(from.length)];
  }
}

/** A value of an enum, which stands without quotes in a document. */
class EnumWord {
  constructor(readonly word: string) {}
}

function print(value: unknown): string {
  if (value instanceof EnumWord) return value.word;
  if (Array.isArray(value)) return `[${value.map(print).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, each]) => `${key}: ${print(each)}`)
      .join(", ")} }`;
  }
  return JSON.stringify(value);
}

/** As a variable holds it: enum values are text there. */
function plain(value: unknown): unknown {
  if (value instanceof EnumWord) return value.word;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
