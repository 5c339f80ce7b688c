import type { GraphQLResolveInfo } from "graphql";
import { Field, InputType } from "type-graphql";
import { inSlices, type Steps } from "../../access/index/store/slices.js";
import { type Account, withoutOrganization } from "../../domain/Account.js";
import { type Complete, mergeTrust } from "../../domain/Complete.js";
import type { AccountId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import { account } from "../../loaders/accounts.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { keptFactsOf, readAccountDirectory } from "../../readings/accountDirectory.js";
import { readAccountEmails } from "../../readings/accountFacts.js";
import { slicing } from "../../readings/lists/slicing.js";
import { ReadingParts } from "../../readings/ReadingParts.js";
import { InputError } from "../errors/errorCodes.js";
import { loadOrderedPage, readOrderedAcrossSites } from "../paging/loadOrderedPage.js";
import {
  type FilteredList,
  holdsText,
  isOneOf,
  loadPage,
  type OfSite,
  orderInSite,
  type PageAnswer,
  readAcrossSites,
} from "../paging/loadPage.js";
import { AccountKind, AccountStatus } from "../schema/enums.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { type AccountNode, accountNodes } from "./AccountNode.js";
import { type AccountOrder, readOrderedAccounts } from "./accountOrder.js";

@InputType({ description: "Which accounts to list. Every part given must fit; within a part, any value may." })
export class AccountFilter {
  @Field(() => [AccountKind], { nullable: true, description: "Of these kinds. Example: `[GUEST, APP]`." })
  readonly kinds?: string[] | null;

  @Field(() => [AccountStatus], { nullable: true, description: "With one of these statuses." })
  readonly statuses?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      "With one of these e-mail addresses, whatever their case; one without an @ is refused. Addresses that people hide cannot be matched: where such accounts exist the answer declares a gap.",
  })
  readonly emails?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Whose display name, public name, user name, e-mail or account id holds this text, whatever its case. Addresses on Data Center are compared only by `emails`, and for callers without `read:personal` no addresses are.",
  })
  readonly text?: string | null;
}

/** An e-mail address without the space around it; throws `BAD_USER_INPUT` for what can be none, which nobody would have. */
export function checkEmail(text: string, argument: string): string {
  const email = text.trim();
  const at = email.lastIndexOf("@");
  if (at > 0 && at < email.length - 1) return email;
  throw new InputError(
    "INVALID_EMAIL",
    argument,
    `\`${argument}\` takes e-mail addresses, and an address has an @ with something before and behind it: ${quoted(text)} has not. To look for a part of an address use \`filter: { text: … }\` of accounts.`,
  );
}

/** Refuses a filter that no account could fit, because it was mistyped. Before anything is read. */
export function checkAccountFilter(filter: AccountFilter | null | undefined): void {
  for (const email of filter?.emails ?? []) checkEmail(email, "emails");
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** Whether accounts fit a filter, by what is known of them. A hidden e-mail fits no address. */
function matcherOf(filter: AccountFilter, mayCompareAddresses: boolean): (account: Account) => boolean {
  // A thousand addresses are compared with each of thousands of accounts.
  const emails = filter.emails == null ? null : new Set(filter.emails.map((email) => email.trim().toLowerCase()));
  return (account) =>
    isOneOf(account.kind, filter.kinds) &&
    isOneOf(account.status, filter.statuses) &&
    (emails === null || emails.has(account.email?.toLowerCase() ?? "")) &&
    holdsText(filter.text, [
      account.displayName,
      account.publicName,
      account.username,
      // A text that finds an address tells it, letter by letter.
      mayCompareAddresses ? account.email : null,
      account.accountId,
    ]);
}

/** Accounts that are looked at in one step: some of ten thousand are so on a large site. */
const accountsAStep = 50;

/**
 * Those of a list of accounts that fit a filter. Reads the facts of all of them, and their addresses where those are asked for.
 *
 * @param isEverybody the list is the directory of the site: what is known of everybody is kept from request to request.
 */
export async function readFilteredAccounts(
  { caller }: Pick<GraphContext, "caller">,
  loaders: SiteLoaders,
  list: Complete<AccountId>,
  filter: AccountFilter | null | undefined,
  isEverybody = false,
): Promise<Complete<AccountId>> {
  if (filter === null || filter === undefined) return list;
  const mayCompareAddresses = caller.may("read:personal", loaders.store.site.siteId);
  const parts = new ReadingParts(loaders.store.clock.now());
  const accountIds = parts.take("accounts", list);
  const known = isEverybody
    ? await parts.keptFacts(loaders, keptFactsOf(loaders), accountIds)
    : await parts.facts(loaders.of(account), accountIds);
  const facts = filter.emails == null ? known : await readAccountEmails(parts, loaders, known);
  let hiddenEmails = 0;
  let failed = 0;
  let firstFailure: SiteError | undefined;
  const matches = matcherOf(filter, mayCompareAddresses);
  const isFitting = (accountId: AccountId, known: Account | null | undefined | SiteError): boolean => {
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
    return matches(asKnown);
  };
  const items = await inSlices(
    (function* (): Steps<AccountId[]> {
      const fitting: AccountId[] = [];
      for (let start = 0; start < accountIds.length; start += accountsAStep) {
        if (start > 0) yield;
        for (const [at, accountId] of accountIds.slice(start, start + accountsAStep).entries())
          if (isFitting(accountId, facts[start + at])) fitting.push(accountId);
      }
      return fitting;
    })(),
    slicing,
  );
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
    picturePath: null,
    ...withoutOrganization,
  };
}

interface AccountList extends FilteredList<AccountFilter, AccountOrder> {
  readonly info: GraphQLResolveInfo;
}

/** A page of everyone on some sites who fits a filter, ordered by account id unless another order is asked for. */
export function loadAccountPage(
  context: GraphContext,
  sites: readonly SiteLoaders[],
  request: AccountList,
): PageAnswer<AccountNode> {
  const { filter, orderBy } = request;
  const readFitting = (loaders: SiteLoaders, directory: Complete<AccountId>) =>
    readFilteredAccounts(context, loaders, directory, filter, true);
  const nodesOf = (items: readonly OfSite<AccountId>[]) =>
    accountNodes(
      items.map(({ loaders, item }) => ({ loaders, id: item })),
      request.info,
    );
  if (orderBy != null) {
    const { direction } = orderBy;
    const read = async (loaders: SiteLoaders) => {
      const directory = await readAccountDirectory(loaders);
      const rows = await readOrderedAccounts(loaders, directory, orderBy.field);
      if (filter == null) return rows;
      const fitting = await readFitting(loaders, directory);
      const ids = new Set(fitting.items);
      const trust = mergeTrust([rows, fitting], loaders.store.clock.now());
      return { ...trust, items: rows.items.filter(({ item }) => ids.has(item)) };
    };
    return loadOrderedPage(context, request, {
      ...{ orderBy, nodesOf, missing: "accounts" },
      read: async () => {
        checkAccountFilter(filter);
        return readOrderedAcrossSites(sites, "accounts", { direction, read });
      },
    });
  }
  return loadPage(context, {
    list: [...request.list, filter ?? null],
    page: request.page,
    withheld: request.withheld,
    missing: "accounts",
    read: () => {
      checkAccountFilter(filter);
      return readAcrossSites(sites, "accounts", async (loaders) =>
        readFitting(loaders, await readAccountDirectory(loaders)),
      );
    },
    orderKeyOf: (each) => orderInSite(each, each.item),
    nodesOf,
  });
}
