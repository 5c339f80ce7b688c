import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { ChangeFault } from "../../domain/ChangeFault.js";
import type { SiteLoaders } from "../../loaders/SiteLoaders.js";
import type { ProvisionResult } from "../../provisioning/AccountRequest.js";
import type { AccountStatusAction } from "../../provisioning/AccountStatusAction.js";
import type { Provisioner } from "../../provisioning/Provisioner.js";
import type { GraphContext } from "../GraphContext.js";
import { ProvisionAccountInput } from "../inputs/AccountProvisionInput.js";
import { RemoveAccountInput, RestoreAccountInput, SuspendAccountInput } from "../inputs/AccountStatusInput.js";
import { accountNodeWithFacts } from "../nodes/accountNodes.js";
import { groupNodeWithFacts } from "../nodes/groupNode.js";
import { siteNamed } from "../siteScope.js";
import { AccessChangeNode } from "../types/AccessChangeNode.js";
import { AccountInvitationNode } from "../types/AccountInvitationNode.js";
import { AccountProvisionPayload } from "../types/AccountProvisionPayload.js";
import { AccountStatusPayload } from "../types/AccountStatusPayload.js";
import { UserErrorNode } from "../types/UserErrorNode.js";
import { forgetChange, provenanceOf } from "./carryOut.js";
import { forgetEverywhere } from "./forgetEverywhere.js";
import { readAccountRequest } from "./readAccountRequest.js";
import { fault, readId } from "./readChange.js";

const inputArg = "input";

@Resolver()
export class AccountMutations {
  @Mutation(() => AccountProvisionPayload, {
    description:
      "Makes sure that a person has an account with access to a site, and grants it groups and access to spaces. Looks the person up first, in the organization where one is configured, else in Confluence; creates who is absent in the synchronised directory (SCIM) where there is one, else invites by the organization, else by Confluence itself. Somebody who was invited has no account before accepting: repeat the call then, it does what is left. Asked twice, nothing is sent twice.",
  })
  async provisionAccount(
    @Arg(inputArg, () => ProvisionAccountInput, { description: "Who, where, and what the account shall have." })
    input: ProvisionAccountInput,
    @Ctx() context: GraphContext,
  ): Promise<AccountProvisionPayload> {
    const loaders = siteNamed(context, input.siteId);
    const { siteId } = loaders.store.site;
    const request = readAccountRequest(siteId, input);
    if ("faults" in request) {
      const userErrors = request.faults.map((each) => new UserErrorNode(each));
      const none = { plan: [], account: null, invitation: null, changes: [] };
      return new AccountProvisionPayload({ outcome: "FAILED", userErrors, ...none });
    }
    const result = await provisionerOf(context, loaders).provisionAccount(
      request,
      provenanceOf(context, input),
      input.dryRun,
    );
    const { accountId, invitation, outcome, plan } = result;
    if (accountId !== null) forgetEverywhere(context, loaders, { accountId, isRemoved: false });
    for (const { change } of result.changes) if (change !== null) forgetChange(loaders, change);
    const changes = result.changes.map(({ change, result: { fault: why, ...rest } }) => {
      const faults = why === null ? [] : [why];
      return new AccessChangeNode({ ...rest, faults }, change === null ? null : { loaders, change });
    });
    const groups = await Promise.all((invitation?.groupIds ?? []).map((id) => groupNodeWithFacts(loaders, id)));
    return new AccountProvisionPayload({
      outcome,
      plan,
      userErrors: errorsOf(result).map((each) => new UserErrorNode(each)),
      account: accountId === null ? null : await accountNodeWithFacts(loaders, accountId),
      invitation: invitation === null ? null : new AccountInvitationNode({ ...invitation, groups }),
      changes,
    });
  }

  @Mutation(() => AccountStatusPayload, {
    description:
      "Suspends an account in its organization: it loses every product of the organization, and keeps its groups and roles. By SCIM where the synchronised directory holds the account, else `POST …/users/{accountId}/suspend`.",
  })
  suspendAccount(
    @Arg(inputArg, () => SuspendAccountInput, { description: "Which account." }) input: SuspendAccountInput,
    @Ctx() context: GraphContext,
  ): Promise<AccountStatusPayload> {
    return changeStatus("suspendAccount", input, context);
  }

  @Mutation(() => AccountStatusPayload, {
    description:
      "Ends the suspension of an account: it has its products, groups and roles again. By SCIM where the synchronised directory deactivated it, else `POST …/users/{accountId}/restore`.",
  })
  restoreAccount(
    @Arg(inputArg, () => RestoreAccountInput, { description: "Which account." }) input: RestoreAccountInput,
    @Ctx() context: GraphContext,
  ): Promise<AccountStatusPayload> {
    return changeStatus("restoreAccount", input, context);
  }

  @Mutation(() => AccountStatusPayload, {
    description:
      "Removes an account from the organization, with its groups and product roles; the account itself lives on as the author of what it wrote. `DELETE …/users/{accountId}`, and from the synchronised directory (SCIM) where that holds it.",
  })
  removeAccount(
    @Arg(inputArg, () => RemoveAccountInput, { description: "Which account." }) input: RemoveAccountInput,
    @Ctx() context: GraphContext,
  ): Promise<AccountStatusPayload> {
    return changeStatus("removeAccount", input, context);
  }
}

async function changeStatus(
  action: AccountStatusAction,
  input: SuspendAccountInput,
  context: GraphContext,
): Promise<AccountStatusPayload> {
  const faults: ChangeFault[] = [];
  const id = readId(input.accountId, "accountId", ["Account"], faults);
  const loaders = id === null ? undefined : context.sites.get(id.siteId);
  if (id === null || loaders === undefined) {
    const [why = fault("INVALID_INPUT", ["accountId"], "The account is of a site that is not configured here.")] =
      faults;
    const none = { plan: [], affectedResources: [], account: null };
    return new AccountStatusPayload({ outcome: "FAILED", userErrors: [new UserErrorNode(why)], ...none });
  }
  const { outcome, plan, affectedResources, ...result } = await provisionerOf(context, loaders).changeAccountStatus(
    action,
    id.accountId,
    {
      provenance: provenanceOf(context, input),
      isDryRun: input.dryRun,
      isAcknowledged: input.acknowledgeOrganizationWide,
    },
  );
  forgetEverywhere(context, loaders, { accountId: id.accountId, isRemoved: outcome === "REMOVED" });
  return new AccountStatusPayload({
    outcome,
    plan,
    affectedResources,
    userErrors: result.fault === null ? [] : [new UserErrorNode(result.fault)],
    account: await accountNodeWithFacts(loaders, id.accountId),
  });
}

/** What is wrong or not done yet, for the request as a whole. */
function errorsOf({ fault: why, invitation, changes }: ProvisionResult): ChangeFault[] {
  const isWaiting = changes.some(({ result }) => result.fault?.code === "ACCOUNT_PENDING");
  const message = `The person has no access until the invitation${invitation === null ? "" : ` to ${invitation.email}`} is accepted, and some of what was asked for has to wait for that: see changes. Repeat the call then; what is done already is not done again.`;
  return [...(why === null ? [] : [why]), ...(isWaiting ? [fault("ACCOUNT_PENDING", ["email"], message)] : [])];
}

function provisionerOf(context: GraphContext, loaders: SiteLoaders): Provisioner {
  const provisioner = context.provisioners.get(loaders.store.site.siteId);
  if (provisioner === undefined) throw new Error("Every configured site has a provisioner.");
  return provisioner;
}
