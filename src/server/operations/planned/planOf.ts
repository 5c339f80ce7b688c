import type { GraphQLSchema } from "graphql";
import type { KnownOperation } from "../KnownOperation.js";
import { conditionsOf, isPlannable, OperationPlan } from "./OperationPlan.js";

/** An operation with so many forms, by what its variables skip and include, is executed by graphql-js in the others. */
const maxForms = 16;

/** The plans of one operation: one for each combination of the variables that decide about fields. */
class Plans {
  readonly #forms = new Map<string, OperationPlan>();
  readonly #isPlannable: boolean;
  readonly #conditions: readonly string[];

  constructor(
    readonly schema: GraphQLSchema,
    readonly operation: KnownOperation,
  ) {
    this.#isPlannable = isPlannable(schema, operation.document);
    this.#conditions = conditionsOf(operation.document);
  }

  of(variables: Readonly<Record<string, unknown>>): OperationPlan | null {
    if (!this.#isPlannable) return null;
    const values = this.#conditions.map((name) => variables[name]);
    // A null where a condition must be is an error of its fields, which graphql-js describes.
    if (values.some((value) => typeof value !== "boolean")) return null;
    const form = values.join();
    const known = this.#forms.get(form);
    if (known !== undefined || this.#forms.size >= maxForms) return known ?? null;
    const { document, definition } = this.operation;
    const conditions = Object.fromEntries(this.#conditions.map((name, index) => [name, values[index]]));
    const made = new OperationPlan(this.schema, definition, document, conditions);
    this.#forms.set(form, made);
    return made;
  }
}

/** Finds the plan that an operation is executed by with some variables; `null` where graphql-js is to execute it. */
export function createPlanner(schema: GraphQLSchema) {
  const plansOf = (operation: KnownOperation) => new Plans(schema, operation);
  return (operation: KnownOperation, variables: Readonly<Record<string, unknown>>): OperationPlan | null =>
    operation.once(plansOf).of(variables);
}
