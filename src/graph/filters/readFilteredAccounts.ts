import { type Account, withoutOrganization } from "../../domain/Account.js";
import type { Complete } from "../../domain/Complete.js";
import type { AccountId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import { account } from "../../loaders/accounts.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { readAccountEmails } from "../../readings/accountFacts.js";
import { ReadingParts } from "../../readings/ReadingParts.js";
import type { AccountFilter } from "../inputs/AccountFilter.js";
import { AccountKind, AccountStatus } from "../types/enums.js";
import { matchesAccount } from "./matchesAccount.js";

/** Those of a list of accounts that fit a filter. Reads the facts of all of them, and their addresses where those are asked for. */
export async function readFilteredAccounts(
  loaders: SiteLoaders,
  list: Complete<AccountId>,
  filter: AccountFilter | null | undefined,
): Promise<Complete<AccountId>> {
  if (filter === null || filter === undefined) return list;
  const parts = new ReadingParts(loaders.store.clock.now());
  const accountIds = parts.take("accounts", list);
  const known = await parts.facts(loaders.of(account), accountIds);
  const facts = filter.emails == null ? known : await readAccountEmails(parts, loaders, known);
  let hiddenEmails = 0;
  let failed = 0;
  let firstFailure: SiteError | undefined;
  const items = accountIds.filter((accountId, index) => {
    const known = facts[index];
    if (known instanceof SiteError) {
      firstFailure ??= known;
      failed += 1;
      return false;
    }
    const asKnown = known ?? unknownAccount(accountId);
    const openStatus = filter.statuses != null && asKnown.status === "UNKNOWN" ? asKnown.factsError : undefined;
    const unread = (asksOrganization(filter) ? asKnown.organizationError : null) ?? openStatus;
    if (unread != null) {
      firstFailure ??= unread;
      failed += 1;
    }
    if (asKnown.email === null && (filter.emails ?? []).length > 0) hiddenEmails += 1;
    return matchesAccount(asKnown, filter);
  });
  if (firstFailure !== undefined) {
    parts.miss(`whether accounts fit the filter whose facts could not be read (${failed} such)`, firstFailure);
  }
  if (hiddenEmails > 0) {
    parts.gap({
      missing: `whether accounts that hide their e-mail address have one of these (${hiddenEmails} such)`,
      kind: "ReadIncomplete",
      reason: "These accounts hide their e-mail address from this credential, so it cannot be compared.",
      call: null,
      retryAfterMs: null,
    });
  }
  return parts.finish(items);
}

/** Whether a filter asks for something that the organization has a say in. */
function asksOrganization(filter: AccountFilter): boolean {
  return filter.statuses != null || filter.emails != null;
}

/** What is known of an account that no source knows. */
function unknownAccount(accountId: AccountId): Account {
  return {
    accountId,
    username: null,
    displayName: null,
    publicName: null,
    email: null,
    kind: AccountKind.UNKNOWN,
    reportedKind: null,
    status: AccountStatus.UNKNOWN,
    statusSource: "NONE",
    reportedStatus: null,
    personalSpaceId: null,
    ...withoutOrganization,
  };
}
