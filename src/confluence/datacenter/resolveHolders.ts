import type { Complete } from "../../domain/Complete.js";
import type { Gap } from "../../domain/Gap.js";
import { gapFromError } from "../../domain/gapFromError.js";
import type { AccountId } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";
import { SiteError } from "../../domain/SiteError.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { fetchUserKeys } from "./fetchUserKeys.js";
import type { PermissionHolding } from "./PermissionHolding.js";

interface HeldPermission {
  readonly principal: Principal;
  readonly operation: Operation;
}

/**
 * Permissions with their principals. A user whose name is nobody's (deleted, and left over here) is an account by that name;
 * one whose name could not be looked up is kept as a principal that nobody can tell, with a gap: no row is dropped.
 *
 * @param where the rows, in a person's words: `permissions of space ds`.
 */
export async function resolveHolders(
  context: DataCenterContext,
  {
    holdings,
    where,
    asOfMs,
  }: { readonly holdings: readonly PermissionHolding[]; readonly where: string; readonly asOfMs: number },
): Promise<Complete<HeldPermission>> {
  const names = holdings.flatMap(({ holder }) => (holder.kind === "username" ? [holder.username] : []));
  const found = await fetchUserKeys(context, names);
  const principalOf = ({ holder }: PermissionHolding): Principal => {
    if (holder.kind !== "username") return holder;
    const { username } = holder;
    const known = found.get(username.toLowerCase());
    if (typeof known === "string") return { kind: "account", accountId: known };
    // Nobody's any more: an account that no list knows. Its name, or its key in the name's place, is all that is left of it.
    if (known === null) return { kind: "account", accountId: username as AccountId };
    return { kind: "accessClass", classId: username, reportedType: "user" };
  };
  const gaps = [...found].flatMap(([name, outcome]): Gap[] =>
    outcome instanceof SiteError ? [gapFromError(`whose user name "${name}" is in the ${where}`, outcome)] : [],
  );
  const items = holdings.map((holding) => ({ principal: principalOf(holding), operation: holding.operation }));
  return { items, gaps, asOfMs, assumptions: [] };
}
