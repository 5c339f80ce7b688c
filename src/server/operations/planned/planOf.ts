import type { GraphQLSchema } from "graphql";
import { LRUCache } from "lru-cache";
import type { KnownOperation } from "../KnownOperation.js";
import { conditionsOf, isPlannable, OperationPlan } from "./OperationPlan.js";

/** An operation with so many forms, by what its variables skip and include, is executed by graphql-js in the others. */
const maxForms = 16;

/**
 * Fields of all plans that are kept, and of one. A short document of nested fragments can stand for very many fields, so the length of
 * the documents kept does not bound them.
 */
const fieldsKept = { together: 100_000, ofOne: 20_000 } as const;

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

  forget(plan: OperationPlan): void {
    for (const [form, known] of this.#forms) if (known === plan) this.#forms.delete(form);
  }
}

/** Finds the plan that an operation is executed by with some variables; `null` where graphql-js is to execute it. */
export function createPlanner(schema: GraphQLSchema, limits: { together: number; ofOne: number } = fieldsKept) {
  const kept = new LRUCache<OperationPlan, Plans>({
    maxSize: limits.together,
    maxEntrySize: limits.ofOne,
    sizeCalculation: (_plans, plan) => plan.size,
    dispose: (plans, plan) => plans.forget(plan),
    noDisposeOnSet: true,
  });
  const plansOf = (operation: KnownOperation) => new Plans(schema, operation);
  return (operation: KnownOperation, variables: Readonly<Record<string, unknown>>): OperationPlan | null => {
    const plans = operation.once(plansOf);
    const plan = plans.of(variables);
    if (plan === null) return null;
    // A plan grows as far as answers get: it is weighed again when it was used.
    if (kept.get(plan) === undefined || plan.size !== plan.weighedAs) {
      plan.weighedAs = plan.size;
      kept.set(plan, plans);
      if (!kept.has(plan)) plans.forget(plan);
    }
    return plan;
  };
}
