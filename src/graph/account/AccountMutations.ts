import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Info, Mutation, Resolver } from "type-graphql";
import type { AccountTold, ChangeFault } from "../../domain/Change.js";
import type { Gap } from "../../domain/Complete.js";
import type { AccountId } from "../../domain/ids.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type {
  AccountRequest,
  AccountStatusAction,
  AccountStatusResult,
  ProvisionResult,
} from "../../provisioning/accounts/AccountRequest.js";
import { plannedFor } from "../../provisioning/accounts/accountGrants.js";
import { type Afterwards, readAnew } from "../../provisioning/aftermath.js";
import { newcomer } from "../../provisioning/policy/underPolicy.js";
import { isFinal } from "../../provisioning/Requests.js";
import type { ChangeResult } from "../../provisioning/reconcile/Task.js";
import type { EarlierChanges, Provenance } from "../../record/ChangeRecord.js";
import { AccessChangeNode } from "../change/AccessChangeNode.js";
import { answerRequest, effectOf, forgetEffects, loadersFor, provisionerOf } from "../change/answerRequest.js";
import { UserErrorNode } from "../change/changeEnums.js";
import { fault, readId } from "../change/readChange.js";
import { groupNodeWithFacts } from "../group/GroupNode.js";
import { type GraphContext, siteNamed } from "../schema/GraphContext.js";
import { accountNode, accountNodeWithFacts } from "./AccountNode.js";
import {
  AccountRemovalNode,
  AccountStatusPayload,
  RemoveAccountInput,
  RemoveAccountPayload,
  RestoreAccountInput,
  RestoreAccountPayload,
  SuspendAccountInput,
  SuspendAccountPayload,
  UpdateAccountInput,
  UpdateAccountPayload,
} from "./changeAccount.js";
import { AccountInvitationNode, ProvisionAccountInput, ProvisionAccountPayload } from "./provisionAccount.js";
import { readAccountProfile, readAccountRequest } from "./readAccountInputs.js";

const inputArg = "input";
/** Where the account stands in a payload. */
const accountPaths = [["account"]] as const;

@Resolver()
export class AccountMutations {
  @Mutation(() => ProvisionAccountPayload, {
    nullable: true,
    description:
      "Makes sure that a person has an account with access to a site, and grants it groups and access to spaces. Looks the person up first, in the organization where one is configured, else in Confluence; creates who is absent in the synchronised directory (SCIM) where there is one, else (and where the directory refuses the domain of the address) invites by the organization, else by Confluence itself; gives the product role to who has access and not that role. An address that several accounts have is refused. Somebody who was invited has no account before accepting: repeat the call then, it does what is left. A Data Center site keeps its own accounts: looked up by user name, and created there (`POST /rest/api/admin/user`); a name whose account has another address is refused. Asked twice, nothing is sent twice.",
  })
  async provisionAccount(
    @Arg(inputArg, () => ProvisionAccountInput, { description: "Who, where, and what the account shall have." })
    input: ProvisionAccountInput,
    @Ctx() context: GraphContext,
  ): Promise<ProvisionAccountPayload> {
    const loaders = siteNamed(context, input.siteId, null);
    const request = readAccountRequest(loaders.store.site, input);
    if ("faults" in request) {
      const userErrors = request.faults.map((each) => new UserErrorNode(each));
      const none = {
        plan: [],
        reach: [],
        account: null,
        decidedBy: null,
        invitation: null,
        changes: [],
        licensedId: null,
        planned: null,
        newcomer: null,
        generatedPassword: null,
      };
      return new ProvisionAccountPayload({ outcome: "FAILED", userErrors, ...none });
    }
    const provisioner = provisionerOf(context, loaders);
    // Told once, to whoever asked first: it is in no result that is stored.
    let generatedPassword: string | null = null;
    // How things stand afterwards is no plain data; a repeat reads it anew.
    let afters: readonly (Afterwards | null)[] = [];
    let planned: Afterwards | null = null;
    const answered = await answerRequest<ProvisionResult>(context, {
      ...{ name: "provisionAccount", input, isFinal: isProvided },
      run: async (provenance, earlier, isDryRun) => {
        const asking = earlier?.result == null ? provenance : withoutAccount(provenance);
        const { generatedPassword: made, ...rest } = await provisioner.provisionAccount(request, asking, isDryRun);
        generatedPassword = made?.reveal() ?? null;
        afters = rest.changes.map(({ after }) => after ?? null);
        planned = rest.changes.find((change) => change.planned != null)?.planned ?? null;
        return { ...rest, changes: rest.changes.map(({ after: _, planned: _planned, ...change }) => change) };
      },
    });
    if ("fault" in answered) {
      const none = {
        plan: [],
        reach: [],
        account: null,
        decidedBy: null,
        invitation: null,
        changes: [],
        licensedId: null,
        planned: null,
        newcomer: null,
        generatedPassword,
      };
      return new ProvisionAccountPayload({
        outcome: "FAILED",
        userErrors: [new UserErrorNode(answered.fault)],
        ...none,
      });
    }
    const { result } = answered;
    const { accountId, decidedBy, invitation, outcome, plan } = result;
    forgetEffects(
      loaders,
      [
        ...(accountId === null ? [] : [{ kind: "accountUpdated", ...known(accountId) } as const]),
        ...result.changes.flatMap(({ change }) => (change === null ? [] : [effectOf(change)])),
      ],
      answered.isAskedAgain,
    );
    const told = loadersFor(context, loaders, answered.isRepeated);
    const changes = result.changes.map(({ change, otherRoleId = null, result: { fault: why, ...rest } }, index) => {
      const faults = why === null ? [] : [why];
      const after = afters[index] ?? (answered.isRepeated ? readAnew(told.store) : null);
      return new AccessChangeNode(
        { ...rest, faults },
        { loaders: told, change, otherRoleId, after, isFound: afters[index] != null },
      );
    });
    const groups = await Promise.all((invitation?.groupIds ?? []).map((id) => groupNodeWithFacts(told, id)));
    return new ProvisionAccountPayload({
      outcome,
      plan,
      reach: result.reach ?? [],
      userErrors: errorsOf(result).map((each) => new UserErrorNode(each)),
      account: accountId === null ? null : await accountNodeWithFacts(told, accountId),
      decidedBy,
      invitation: invitation === null ? null : new AccountInvitationNode({ ...invitation, groups }),
      changes,
      planned: accountId === null || planned === null ? planned : plannedFor(accountId, planned),
      newcomer: outcome === "PLANNED" && accountId === null ? newcomerOf(request, result, loaders) : null,
      // A guest needs none.
      licensedId: outcome === "PLANNED" && input.productRole === "atlassian/user" ? accountId : null,
      generatedPassword,
    });
  }

  @Mutation(() => SuspendAccountPayload, {
    nullable: true,
    description:
      "Suspends an account: it can sign in no more, and keeps its groups and roles. Cloud: in its organization, for every product of it; by SCIM where the synchronised directory holds the account, else `POST …/users/{accountId}/suspend`. Data Center: on its site, `PUT /rest/api/admin/user/{username}/disable`; never the account that this service signs in with.",
  })
  suspendAccount(
    @Arg(inputArg, () => SuspendAccountInput, { description: "Which account." }) input: SuspendAccountInput,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<AccountStatusPayload> {
    return changeStatus("suspendAccount", input, { context, info });
  }

  @Mutation(() => RestoreAccountPayload, {
    nullable: true,
    description:
      "Ends the suspension of an account: it has its products, groups and roles again. Cloud: by SCIM where the synchronised directory deactivated it, else `POST …/users/{accountId}/restore`. Data Center: `PUT /rest/api/admin/user/{username}/enable`.",
  })
  restoreAccount(
    @Arg(inputArg, () => RestoreAccountInput, { description: "Which account." }) input: RestoreAccountInput,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<AccountStatusPayload> {
    return changeStatus("restoreAccount", input, { context, info });
  }

  @Mutation(() => RemoveAccountPayload, {
    nullable: true,
    description:
      "Removes an account. Cloud: from the organization, with its groups and product roles; the account itself lives on as the author of what it wrote; `DELETE …/users/{accountId}`, and from the synchronised directory (SCIM) where that holds it. Data Center: from its site, with its groups, never the account that this service signs in with; `DELETE /rest/api/admin/user/{username}`, which the site carries out in its own time: where it takes longer than 20 seconds the outcome is `STARTED`, and repeating the call tells how it ended.",
  })
  removeAccount(
    @Arg(inputArg, () => RemoveAccountInput, { description: "Which account." }) input: RemoveAccountInput,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<AccountStatusPayload> {
    return changeStatus("removeAccount", input, { context, info });
  }

  @Mutation(() => UpdateAccountPayload, {
    nullable: true,
    description:
      "Gives an account of a Data Center site another name or e-mail address: `PUT /rest/api/admin/user/{username}` (9.0+). Asked twice, the second answer is `ALREADY_EXISTS`. On Cloud people change these in their Atlassian account or their identity provider: `UNSUPPORTED`.",
  })
  async updateAccount(
    @Arg(inputArg, () => UpdateAccountInput, { description: "Which account, and what shall be of it." })
    input: UpdateAccountInput,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UpdateAccountPayload> {
    const wanted = readAccountProfile(input);
    const found = findAccount(input.account, context);
    const faults = [...("faults" in wanted ? wanted.faults : []), ...("faults" in found ? found.faults : [])];
    if ("faults" in wanted || "faults" in found) {
      const userErrors = faults.map((each) => new UserErrorNode(each));
      return new UpdateAccountPayload({ outcome: "FAILED", userErrors, plan: [], account: null });
    }
    const { loaders, accountId } = found;
    const provisioner = provisionerOf(context, loaders);
    const answered = await answerRequest<ChangeResult>(context, {
      ...{ name: "updateAccount", input, isFinal },
      run: (provenance, _earlier, isDryRun) => provisioner.updateAccount(accountId, wanted, { provenance, isDryRun }),
    });
    if ("fault" in answered) {
      const userErrors = [new UserErrorNode(answered.fault)];
      return new UpdateAccountPayload({ outcome: "FAILED", userErrors, plan: [], account: null });
    }
    const { result, isRepeated, isAskedAgain } = answered;
    forgetEffects(loaders, [{ kind: "accountUpdated", ...known(accountId) }], isAskedAgain);
    return new UpdateAccountPayload({
      outcome: result.outcome,
      plan: result.plan,
      userErrors: result.fault === null ? [] : [new UserErrorNode(result.fault)],
      account: await accountNode(loadersFor(context, loaders, isRepeated), accountId, info, accountPaths),
    });
  }
}

/** What somebody who is made or invited will be: what the site gives to all, and the groups that an invitation carries. */
function newcomerOf(
  { productRole, displayName, email }: AccountRequest,
  { carriedGroupIds }: ProvisionResult,
  loaders: SiteLoaders,
): ProvisionAccountPayload["newcomer"] {
  const { groups, writer } = loaders.store.site;
  const isKeptHere = writer.accounts !== null;
  const isGuest = !isKeptHere && productRole === "atlassian/guest";
  const byDefault = isKeptHere && groups.defaultGroupId !== null ? [groups.defaultGroupId] : [];
  return {
    loaders,
    facts: {
      accountId: newcomer,
      displayName: displayName ?? email,
      kind: isGuest ? "GUEST" : "HUMAN",
      status: "ACTIVE",
      isLicensed: isKeptHere ? null : !isGuest,
      hasAdminRole: productRole === "atlassian/admin",
      ...{ roleGaps: [], gaps: [] },
      groups: {
        items: [...new Set([...byDefault, ...carriedGroupIds])],
        ...{ gaps: [], asOfMs: loaders.store.clock.now() },
        assumptions: byDefault.length === 0 ? [] : ["DEFAULT_GROUP"],
      },
    },
    gaps: isKeptHere ? [] : [roleGroupsUntold],
  };
}

const roleGroupsUntold: Gap = {
  missing: "what the groups give that come with the product role",
  kind: "Unsupported",
  reason: "Which groups a new account is put in by its product role no API of Atlassian tells.",
  ...{ call: null, retryAfterMs: null },
};

/** The account of an input, and the site that it is of; or what is wrong with the id. */
function findAccount(
  text: string,
  context: GraphContext,
): { readonly loaders: SiteLoaders; readonly accountId: AccountId } | { readonly faults: readonly ChangeFault[] } {
  const faults: ChangeFault[] = [];
  const id = readId(text, "account", ["Account"], faults);
  if (id === null) return { faults };
  const loaders = context.sites.get(id.siteId);
  if (loaders !== undefined) return { loaders, accountId: id.accountId };
  return { faults: [fault("INVALID_INPUT", ["account"], "The account is of a site that is not configured here.")] };
}

async function changeStatus(
  action: AccountStatusAction,
  input: RestoreAccountInput,
  { context, info }: { readonly context: GraphContext; readonly info: GraphQLResolveInfo },
): Promise<AccountStatusPayload> {
  const found = findAccount(input.account, context);
  if ("faults" in found) {
    return refusedStatus(found.faults);
  }
  const { loaders, accountId } = found;
  const provisioner = provisionerOf(context, loaders);
  const answered = await answerRequest<AccountStatusResult>(context, {
    ...{ name: action, input, isFinal },
    run: (provenance, _earlier, isDryRun) =>
      provisioner.changeAccountStatus(action, accountId, { provenance, isDryRun }),
  });
  if ("fault" in answered) return refusedStatus([answered.fault]);
  const { result, isRepeated, isAskedAgain } = answered;
  const { outcome, plan, affectedResources, removal } = result;
  forgetEffects(loaders, [{ kind: "accountStatusChanged", ...known(accountId) }], isAskedAgain);
  return new AccountStatusPayload({
    outcome,
    plan,
    reach: result.reach ?? [],
    affectedResources,
    userErrors: result.fault === null ? [] : [new UserErrorNode(result.fault)],
    account: await accountNode(loadersFor(context, loaders, isRepeated), accountId, info, accountPaths),
    removal: removal === null ? null : new AccountRemovalNode(removal),
  });
}

/** What is wrong or not done yet, for the request as a whole. */
function errorsOf({ fault: why, invitation, changes }: ProvisionResult): ChangeFault[] {
  const isWaiting = changes.some(({ result }) => result.fault?.code === "ACCOUNT_PENDING");
  const message = `The person has no access until the invitation${invitation === null ? "" : ` to ${invitation.email}`} is accepted, and some of what was asked for has to wait for that: see changes. Repeat the call then; what is done already is not done again.`;
  return [...(why === null ? [] : [why]), ...(isWaiting ? [fault("ACCOUNT_PENDING", ["email"], message)] : [])];
}

function known(accountId: AccountId): AccountTold {
  return { accountId, username: null, email: null };
}

function refusedStatus(faults: readonly ChangeFault[]): AccountStatusPayload {
  const userErrors = faults.map((each) => new UserErrorNode(each));
  const none = { plan: [], reach: [], affectedResources: [], account: null, removal: null };
  return new AccountStatusPayload({ outcome: "FAILED", userErrors, ...none });
}

/** Whether there is nothing left of what was asked for: an invitation is followed until somebody accepted it. */
function isProvided(result: ProvisionResult): boolean {
  const ended = [result, ...result.changes.map((change) => change.result)];
  return result.invitation === null && ended.every(isFinal);
}

/** What is left after an invitation: the account is looked for anew, and only the grants are as they were left. */
function withoutAccount(provenance: Provenance): Provenance {
  const { earlier, ...rest } = provenance;
  if (earlier === undefined) return rest;
  const take: EarlierChanges["take"] = (siteId, action, subject) =>
    action === "provisionAccount" ? null : earlier.take(siteId, action, subject);
  return { ...rest, earlier: { take } };
}
