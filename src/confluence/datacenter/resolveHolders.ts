import { type Complete, type Gap, gapFromError } from "../../domain/Complete.js";
import type { AccountId } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";
import { SiteError } from "../../domain/SiteError.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { fold } from "./names/dataCenterNames.js";
import type { PermissionHolding } from "./PermissionHolding.js";

interface HeldPermission {
  readonly principal: Principal;
  readonly operation: Operation;
}

/** Rows as they were read, their users by name yet. */
interface Holdings {
  readonly holdings: readonly PermissionHolding[];
  /** The rows, in a person's words: `permissions of space ds`. */
  readonly where: string;
  readonly asOfMs: number;
}

/**
 * How rows become permissions with their principals. All names of all rows are looked up together, after the rows were read:
 * a name can be given to somebody else, and a row must not go to whoever had it before. A user whose name is nobody's
 * (deleted, and left over here) is an account by that name; one whose name could not be looked up is kept as a principal
 * that nobody can tell, with a gap: no row is dropped.
 */
export async function resolveHolders(
  { userKeys }: DataCenterContext,
  rows: readonly PermissionHolding[],
): Promise<(read: Holdings) => Complete<HeldPermission>> {
  const found = await userKeys.find(rows.flatMap(nameIn));
  const principalOf = ({ holder }: PermissionHolding): Principal => {
    if (holder.kind !== "username") return holder;
    const name = fold(holder.username);
    const known = found.get(name);
    if (typeof known === "string") return { kind: "account", accountId: known };
    // Nobody's any more: an account that no list knows. Its name, or its key in the name's place, is all that is left of it.
    if (known === null) return { kind: "account", accountId: name as AccountId };
    return { kind: "accessClass", classId: name, reportedType: "user" };
  };
  return ({ holdings, where, asOfMs }) => {
    const gaps = [...new Set(holdings.flatMap(nameIn))].flatMap((name): Gap[] => {
      const outcome = found.get(name);
      return outcome instanceof SiteError
        ? [gapFromError(`whose user name "${name}" is in the ${where}`, outcome)]
        : [];
    });
    const items = holdings.map((holding) => ({ principal: principalOf(holding), operation: holding.operation }));
    return { items, gaps, asOfMs, assumptions: [] };
  };
}

function nameIn({ holder }: PermissionHolding): string[] {
  return holder.kind === "username" ? [fold(holder.username)] : [];
}
