import type { ActiveAccount } from "../confluence/port.js";
import type { Complete } from "../domain/Complete.js";
import type { AccountId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { activeAccounts } from "../loaders/accounts.js";
import { onlyOne } from "../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../loaders/engine/SiteLoaders.js";

/** What the list of licensed accounts says of one. */
export interface KnownActive {
  /** False where the site has no such list: then nothing is known. */
  readonly isOffered: boolean;
  readonly account: ActiveAccount | null;
}

/**
 * An account as the list of licensed accounts has it; synchronously where the list is at hand. A gap that may hide the
 * account is thrown.
 */
export function readActiveAccount(loaders: SiteLoaders, id: AccountId): KnownActive | Promise<KnownActive> {
  const list = loaders.of(activeAccounts).get(onlyOne);
  return list instanceof Promise ? list.then((read) => activeIn(loaders, read, id)) : activeIn(loaders, list, id);
}

function activeIn(loaders: SiteLoaders, list: Complete<ActiveAccount> | null, id: AccountId): KnownActive {
  if (list === null) return { isOffered: false, account: null };
  const byId = loaders.once("activeById", () => new Map(list.items.map((active) => [active.accountId, active])));
  const known = byId.get(id);
  const [gap] = list.gaps;
  if (known !== undefined || gap === undefined) return { isOffered: true, account: known ?? null };
  throw new SiteError("ReadIncomplete", `The list of licensed accounts was not read whole. ${gap.reason}`, {
    call: gap.call ?? "",
    retryAfterMs: gap.retryAfterMs,
  });
}
