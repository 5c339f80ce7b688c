import { GraphQLError, type GraphQLErrorOptions } from "graphql";
import type { Gap } from "../../../domain/Complete.js";
import type { SiteId } from "../../../domain/ids.js";
import type { Scope } from "../../../domain/Scope.js";

/** What a caller is told who lacks a scope; of a site where it is held on others. */
export function forbidden(
  scope: Scope | null,
  siteId: SiteId | null = null,
  options: GraphQLErrorOptions = {},
): GraphQLError {
  return new GraphQLError(reasonOf(scope, siteId), {
    ...options,
    extensions: {
      code: "FORBIDDEN",
      ...(scope === null ? {} : { scope }),
      ...(siteId === null ? {} : { siteId }),
    },
  });
}

function reasonOf(scope: Scope | null, siteId: SiteId | null): string {
  if (scope === null) return "Only callers who may do everything may ask for this.";
  return siteId === null
    ? `This caller lacks the scope ${scope}, which this needs.`
    : `This caller does not hold the scope ${scope} on site ${siteId}.`;
}

/** A site that a list covers and the caller may not read. */
export function withheld(what: string, scope: Scope, siteId: SiteId): Gap {
  return {
    missing: `${what} of site ${siteId}`,
    kind: "NotPermitted",
    reason: reasonOf(scope, siteId),
    call: null,
    retryAfterMs: null,
  };
}

/** Whether an outcome is a refusal of this kind. */
export function isForbidden(outcome: unknown): outcome is GraphQLError {
  return outcome instanceof GraphQLError && outcome.extensions.code === "FORBIDDEN";
}

/** What may not be shown is told once for each field, however many things of its list it goes for. */
export function withOneRefusal<T extends object>(outcomes: readonly (T | null)[]): readonly (T | null)[] {
  const told = new Set<string>();
  return outcomes.map((outcome) => {
    if (!isForbidden(outcome)) return outcome;
    const isTold = told.has(outcome.message);
    told.add(outcome.message);
    return isTold ? null : outcome;
  });
}
