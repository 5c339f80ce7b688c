import type { GraphQLResolveInfo, OperationDefinitionNode } from "graphql";
import type { FieldPlan, OperationPlan } from "./OperationPlan.js";

export type Path = GraphQLResolveInfo["path"];

/** What graphql-js tells: the typings of another package add two members, which nothing of this version has. */
type Told = Pick<
  GraphQLResolveInfo,
  | ("fieldName" | "fieldNodes" | "returnType" | "parentType" | "path")
  | ("schema" | "fragments" | "rootValue" | "operation" | "variableValues")
>;

/** What is the same for all fields of an operation that is executed. */
interface Executed {
  readonly plan: OperationPlan;
  readonly variableValues: GraphQLResolveInfo["variableValues"];
}

/**
 * What a resolver is told of its field and of its place in the answer. Three of them are made for each row of a list: so it holds no more
 * than where it looks the rest up.
 */
class FieldInfo implements Told {
  readonly field: FieldPlan;
  readonly #executed: Executed;
  readonly #prev: Path | undefined;
  #path: Path | undefined;

  constructor(executed: Executed, field: FieldPlan, prev: Path | undefined) {
    this.#executed = executed;
    this.field = field;
    this.#prev = prev;
    this.#path = undefined;
  }

  get path(): Path {
    if (this.#path === undefined) this.#path = pathOf(this.field, this.#prev);
    return this.#path;
  }

  get fieldName(): string {
    return this.field.name;
  }

  get fieldNodes(): FieldPlan["nodes"] {
    return this.field.nodes;
  }

  get returnType(): Told["returnType"] {
    return this.field.value.type;
  }

  get parentType(): Told["parentType"] {
    return this.field.parent;
  }

  get schema(): Told["schema"] {
    return this.#executed.plan.schema;
  }

  get fragments(): Told["fragments"] {
    return this.#executed.plan.fragments;
  }

  get rootValue(): undefined {
    return undefined;
  }

  get operation(): OperationDefinitionNode {
    return this.#executed.plan.operation;
  }

  get variableValues(): Told["variableValues"] {
    return this.#executed.variableValues;
  }
}

/** A field at a place of the answer, and what its resolver is told. */
export type Place = FieldInfo & GraphQLResolveInfo;

export function placeOf(executed: Executed, field: FieldPlan, prev: Path | undefined): Place {
  return new FieldInfo(executed, field, prev) as Place;
}

export function pathOf({ responseName, parent }: FieldPlan, prev: Path | undefined): Path {
  return { prev, key: responseName, typename: parent.name };
}
