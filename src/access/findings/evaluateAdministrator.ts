import { type Gap, mergeGaps } from "../../domain/Complete.js";
import type { Principal } from "../../domain/Principal.js";
import type { AccountFacts } from "../AccountFacts.js";
import { belonging } from "../Belonging.js";
import { evaluateBareDecision } from "../evaluateBareDecision.js";
import { evaluateHolding } from "../evaluateHolding.js";
import { resolveAccount } from "../ResolvedAccount.js";
import type { SiteIndex } from "../SiteFacts.js";
import { operationKey, type SpaceIndex } from "../SpaceFacts.js";

/** The permission that makes an administrator of a space. */
export const administerSpace = { key: "administer", target: "space" } as const;

/** Whether somebody is an active administrator of a space. `gaps` are what keeps a doubt open. */
export type AdministratorVerdict =
  | { readonly is: "YES" | "NO" }
  | { readonly is: "UNKNOWN"; readonly gaps: readonly Gap[] };

const no: AdministratorVerdict = { is: "NO" };

/**
 * Whether an account counts as an active administrator of a space (rule 12): a person who can administer it, which takes reading
 * it; no app, nobody by being a super user alone, and nobody of whom nothing is known although nothing failed. The one place
 * that decides it, for what changes may leave behind; the findings decide the same by whole sets, and tests compare the two.
 */
export function evaluateAdministrator(facts: AccountFacts, site: SiteIndex, space: SpaceIndex): AdministratorVerdict {
  if (facts.kind === "APP") return no;
  // Nobody tells whether it can sign in, and no reading would.
  if (facts.status === "UNKNOWN" && facts.gaps.length === 0) return no;
  const account = resolveAccount(facts, site);
  const verdict = evaluateBareDecision({ account, space }, administerSpace);
  if (verdict.decision === "DENIED") return no;
  const byGrants = { ...account, superuser: belonging.no };
  const holdings = account.scenarios.map((scenario) =>
    evaluateHolding({ account: byGrants, space }, scenario, administerSpace),
  );
  if (holdings.every(({ is }) => is === "NO")) return no;
  const isHeld = holdings.some(({ is }) => is === "YES");
  if (verdict.decision === "ALLOWED" && isHeld) return { is: "YES" };
  // Only a gap leaves a doubt.
  const gaps = mergeGaps(verdict.gaps, ...(isHeld ? [] : holdings.map((holding) => holding.gaps)));
  return gaps.length === 0 ? no : { is: "UNKNOWN", gaps };
}

/** Who is granted administration of a space, or may be. */
export function administratorsIn(space: SpaceIndex): readonly Principal[] {
  const giving = space.grantsGiving.get(operationKey(administerSpace));
  return [giving, space.grantsGivingAnything].flatMap((source) =>
    source === undefined ? [] : [...source.byAccount.values(), ...source.shared].map(({ principal }) => principal),
  );
}
