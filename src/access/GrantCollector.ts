import type { Gap } from "../domain/Complete.js";
import type { SpaceGrant } from "../domain/Grant.js";
import type { AccountId } from "../domain/ids.js";
import { type Principal, principalKey } from "../domain/Principal.js";
import type { HeldGrant, OperationGrants } from "./SpaceIndex.js";

interface Collected {
  readonly principal: Principal;
  /** By what is granted: the granular permission, or the role. */
  readonly grants: Map<string, HeldGrant & { readonly rows: SpaceGrant[] }>;
}

/** Collects the grants that give one operation, equal rows as one (rule 8). */
export class GrantCollector {
  readonly #byPrincipal = new Map<string, Collected>();

  add(grant: SpaceGrant, gaps: readonly Gap[]): void {
    const key = principalKey(grant.principal);
    const held = this.#byPrincipal.get(key) ?? { principal: grant.principal, grants: new Map() };
    this.#byPrincipal.set(key, held);
    const what = grant.kind === "role" ? `role\u0000${grant.roleId}` : "permission";
    const equal = held.grants.get(what);
    if (equal === undefined) held.grants.set(what, { grant, rows: [grant], gaps });
    else equal.rows.push(grant);
  }

  finish(): OperationGrants {
    const byAccount = new Map<AccountId, { principal: Principal; grants: HeldGrant[] }>();
    const shared: { principal: Principal; grants: HeldGrant[] }[] = [];
    for (const { principal, grants } of this.#byPrincipal.values()) {
      const held = { principal, grants: [...grants.values()] };
      if (principal.kind === "account") byAccount.set(principal.accountId, held);
      else shared.push(held);
    }
    return { byAccount, shared };
  }
}
