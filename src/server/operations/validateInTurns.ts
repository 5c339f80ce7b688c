import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  NoUndefinedVariablesRule,
  NoUnusedVariablesRule,
  specifiedRules,
  type ValidationRule,
  VariablesInAllowedPositionRule,
  validate,
} from "graphql";
import { othersTurn } from "../../callers/Turns.js";
import { serverLimits } from "../limits.js";

/** Rules that are gone through together: a document of the most tokens takes some ten milliseconds for so many. */
const rulesAtOnce = 8;

/** These look for the variables of each operation, and share what they find. */
const ofVariables: readonly ValidationRule[] = [
  NoUndefinedVariablesRule,
  NoUnusedVariablesRule,
  VariablesInAllowedPositionRule,
];

/** What was found wrong with a document before Apollo looks at it. */
const faultsOf = new WeakMap<DocumentNode, readonly GraphQLError[]>();

/** The first of the rules: says of a document that was looked through in turns what is wrong with it. */
export const tellFaults: ValidationRule = (context) => ({
  Document(document) {
    for (const fault of faultsOf.get(document) ?? []) context.reportError(fault);
  },
});

/** Looks through a long document by all rules, Apollo's included, with what others have to do between some of them. */
export class ValidationInTurns {
  readonly #groups: readonly (readonly ValidationRule[])[];

  /** @param ownRules what is looked at before anything else, and may empty the document */
  constructor(ownRules: readonly ValidationRule[], isIntrospectionOn: boolean) {
    const others = specifiedRules.filter((rule) => !ofVariables.includes(rule));
    const groups = [ownRules, ofVariables];
    for (let start = 0; start < others.length; start += rulesAtOnce) {
      groups.push(others.slice(start, start + rulesAtOnce));
    }
    this.#groups = isIntrospectionOn ? groups : [...groups, [NoSchemaIntrospectionCustomRule]];
  }

  /**
   * Afterwards the document is empty, so that Apollo, which goes through all rules in one go, has nothing to go through but
   * `tellFaults`. What comes back puts it into its place again. What Apollo does then, which waits for no hook that tells it that
   * validation is over, has a turn of its own.
   */
  async run(schema: GraphQLSchema, document: DocumentNode): Promise<() => void> {
    const faults: GraphQLError[] = [];
    for (const rules of this.#groups) {
      await othersTurn();
      faults.push(...validate(schema, document, rules, { maxErrors: serverLimits.validationErrors }));
      if (faults.length >= serverLimits.validationErrors) break;
    }
    await othersTurn();
    faultsOf.set(document, faults);
    const { definitions } = document;
    Object.assign(document, { definitions: [] });
    return () => Object.assign(document, { definitions });
  }
}
