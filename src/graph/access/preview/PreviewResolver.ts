import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, FieldResolver, Info, Int, Query, Resolver, Root } from "type-graphql";
import type { AccountStatus } from "../../../domain/Account.js";
import { knownEmpty, mergeTrust, type Trust } from "../../../domain/Complete.js";
import type { SiteLoaders } from "../../../loaders/engine/SiteLoaders.js";
import { newcomer as newcomerId } from "../../../provisioning/policy/underPolicy.js";
import { AccountNode, accountNode } from "../../account/AccountNode.js";
import {
  type AccountStatusPayload,
  RemoveAccountPayload,
  RestoreAccountPayload,
  SuspendAccountPayload,
} from "../../account/changeAccount.js";
import { ProvisionAccountPayload } from "../../account/provisionAccount.js";
import {
  type AccessChangeFields,
  AccessChangesPayload,
  ChangesPreview,
  GrantSpaceAccessPayload,
  RevokeSpaceAccessPayload,
} from "../../change/AccessChangeNode.js";
import { rehearseList } from "../../change/carryOut.js";
import { AccessChangeInput } from "../../change/inputs.js";
import { readAnyChange } from "../../change/readChange.js";
import { CreateGroupPayload, DeleteGroupPayload } from "../../group/GroupMutations.js";
import type { GraphContext } from "../../schema/GraphContext.js";
import { SpaceNode, spaceNode } from "../../space/SpaceNode.js";
import { awaitIndex, waitField } from "../effective/effectiveLists.js";
import { unheardBy } from "../unheard.js";
import { AccessEffectNode, AccessPreviewNode } from "./AccessPreviewNode.js";
import { type Foresight, previewAccess } from "./previewAccess.js";

const previewField = {
  nullable: true,
  description:
    "Of a dry run: who would gain and lose what by what is planned. Computed where it is asked for. The access index is asked only where memberships, access classes or many accounts are about. Null after a real run, and where nothing is planned.",
} as const;

@Resolver(() => AccessChangesPayload)
export class PreviewResolver {
  @Query(() => ChangesPreview, {
    nullable: true,
    description:
      "What up to 200 changes would come to, in the order given: the plan of each, and in `preview` who would gain and lose what. Reads as `applyAccessChanges` with `dryRun: true` does and writes nothing, whether or not changes are switched on; needs no acknowledgement.",
  })
  previewChanges(
    @Arg("changes", () => [AccessChangeInput], { description: "The changes, as `applyAccessChanges` takes them." })
    changes: AccessChangeInput[],
    @Ctx() context: GraphContext,
  ): Promise<ChangesPreview> {
    return rehearseList(context, { field: "changes", items: changes }, readAnyChange);
  }

  @FieldResolver(() => AccessPreviewNode, previewField)
  preview(
    @Root() payload: AccessChangesPayload,
    @Arg("wait", () => Int, waitField) wait: number | null | undefined,
    @Ctx() context: GraphContext,
  ): Promise<AccessPreviewNode> | null {
    return previewOf(payload.changes, wait, context);
  }
}

@Resolver(() => GrantSpaceAccessPayload)
export class GrantPreviewResolver {
  @FieldResolver(() => AccessPreviewNode, previewField)
  preview(
    @Root() change: GrantSpaceAccessPayload,
    @Arg("wait", () => Int, waitField) wait: number | null | undefined,
    @Ctx() context: GraphContext,
  ): Promise<AccessPreviewNode> | null {
    return previewOf([change], wait, context);
  }
}

@Resolver(() => RevokeSpaceAccessPayload)
export class RevokePreviewResolver {
  @FieldResolver(() => AccessPreviewNode, previewField)
  preview(
    @Root() change: RevokeSpaceAccessPayload,
    @Arg("wait", () => Int, waitField) wait: number | null | undefined,
    @Ctx() context: GraphContext,
  ): Promise<AccessPreviewNode> | null {
    return previewOf([change], wait, context);
  }
}

@Resolver(() => SuspendAccountPayload)
export class SuspensionPreviewResolver {
  @FieldResolver(() => AccessPreviewNode, previewField)
  preview(
    @Root() payload: SuspendAccountPayload,
    @Arg("wait", () => Int, waitField) wait: number | null | undefined,
    @Ctx() context: GraphContext,
  ): Promise<AccessPreviewNode> | null {
    return previewOfStatus(payload, "SUSPENDED", wait, context);
  }
}

@Resolver(() => RestoreAccountPayload)
export class RestorationPreviewResolver {
  @FieldResolver(() => AccessPreviewNode, previewField)
  preview(
    @Root() payload: RestoreAccountPayload,
    @Arg("wait", () => Int, waitField) wait: number | null | undefined,
    @Ctx() context: GraphContext,
  ): Promise<AccessPreviewNode> | null {
    return previewOfStatus(payload, "ACTIVE", wait, context);
  }
}

@Resolver(() => RemoveAccountPayload)
export class RemovalPreviewResolver {
  @FieldResolver(() => AccessPreviewNode, previewField)
  preview(
    @Root() payload: RemoveAccountPayload,
    @Arg("wait", () => Int, waitField) wait: number | null | undefined,
    @Ctx() context: GraphContext,
  ): Promise<AccessPreviewNode> | null {
    return previewOfStatus(payload, "CLOSED", wait, context);
  }
}

@Resolver(() => DeleteGroupPayload)
export class DeletionPreviewResolver {
  @FieldResolver(() => AccessPreviewNode, previewField)
  preview(
    @Root() { outcome, group }: DeleteGroupPayload,
    @Arg("wait", () => Int, waitField) wait: number | null | undefined,
    @Ctx() context: GraphContext,
  ): Promise<AccessPreviewNode> | null {
    if (outcome !== "PLANNED" || group === null) return null;
    const after: Foresight = { ...asItIs, goneGroups: new Set([group.groupId]) };
    return previewAll(new Map([[after, group.loaders]]), wait, context);
  }
}

@Resolver(() => CreateGroupPayload)
export class CreationPreviewResolver {
  @FieldResolver(() => AccessPreviewNode, {
    ...previewField,
    description:
      "Of a dry run: nobody gains or loses anything by a group that is new, because nobody is in it. Null after a real run, and where nothing is planned.",
  })
  preview(@Root() { outcome }: CreateGroupPayload, @Ctx() context: GraphContext): AccessPreviewNode | null {
    return outcome === "PLANNED" ? new AccessPreviewNode([], knownEmpty(context.clock.now())) : null;
  }
}

@Resolver(() => ProvisionAccountPayload)
export class ProvisionPreviewResolver {
  @FieldResolver(() => AccessPreviewNode, {
    ...previewField,
    description:
      "Of a dry run: what the account would gain and lose by its groups, its access and, on Cloud, the licence that it gets. Of one that is still to be made, or invited, everything that it could do then (when the invitation is accepted), by the groups that go with it; its `account` is null. Which groups come with a product role Cloud does not tell: a gap. Null after a real run, and where nothing is planned.",
  })
  preview(
    @Root() { account, newcomer, licensedId, planned, changes }: ProvisionAccountPayload,
    @Arg("wait", () => Int, waitField) wait: number | null | undefined,
    @Ctx() context: GraphContext,
  ): Promise<AccessPreviewNode> | null {
    if (newcomer !== null) {
      const { loaders, ...facts } = newcomer;
      return previewAll(new Map([[{ ...(planned ?? asItIs), newcomer: facts }, loaders]]), wait, context);
    }
    if (account === null) return null;
    const [told] = placesOf(changes).keys();
    const foreseen = planned ?? told;
    if (foreseen === undefined && licensedId === null) return null;
    const after: Foresight = {
      ...(foreseen ?? asItIs),
      ...(licensedId === null ? {} : { licensed: new Set([licensedId]) }),
    };
    return previewAll(new Map([[after, account.loaders]]), wait, context);
  }
}

/** Nothing is planned about spaces and memberships. */
const asItIs: Foresight = { spaces: new Map(), memberships: new Map() };

function previewOfStatus(
  { outcome, account }: AccountStatusPayload,
  status: AccountStatus,
  wait: number | null | undefined,
  context: GraphContext,
): Promise<AccessPreviewNode> | null {
  if (outcome !== "PLANNED" || account === null) return null;
  const after: Foresight = { ...asItIs, statuses: new Map([[account.accountId, status]]) };
  return previewAll(new Map([[after, account.loaders]]), wait, context);
}

@Resolver(() => AccessEffectNode)
export class AccessEffectResolver {
  @FieldResolver(() => AccountNode, {
    nullable: true,
    description: "Whose access changes. Null of an account that is still to be made.",
  })
  account(
    @Root() { loaders, pair }: AccessEffectNode,
    @Info() info: GraphQLResolveInfo,
  ): AccountNode | null | Promise<AccountNode> {
    if (pair.accountId === newcomerId) return null;
    return accountNode(loaders, pair.accountId, info);
  }

  @FieldResolver(() => SpaceNode, { description: "Where." })
  space(@Root() { loaders, pair }: AccessEffectNode, @Info() info: GraphQLResolveInfo): SpaceNode | Promise<SpaceNode> {
    return spaceNode(loaders, pair.spaceId, info);
  }
}

function previewOf(
  changes: readonly AccessChangeFields[],
  wait: number | null | undefined,
  context: GraphContext,
): Promise<AccessPreviewNode> | null {
  const places = placesOf(changes);
  return places.size === 0 ? null : previewAll(places, wait, context);
}

/** All planned changes of a site have one aftermath. */
function placesOf(changes: readonly AccessChangeFields[]): ReadonlyMap<Foresight, SiteLoaders> {
  const places = new Map<Foresight, SiteLoaders>();
  for (const { outcome, source } of changes) {
    if (outcome === "PLANNED" && source?.after) places.set(source.after, source.loaders);
  }
  return places;
}

async function previewAll(
  places: ReadonlyMap<Foresight, SiteLoaders>,
  wait: number | null | undefined,
  context: GraphContext,
): Promise<AccessPreviewNode> {
  const trusts: Trust[] = [];
  const nodes = await Promise.all(
    [...places].map(async ([after, loaders]) => {
      const unheard = unheardBy(context);
      let isIndexAsked = false;
      const index = () => {
        isIndexAsked = true;
        return awaitIndex(context, loaders, wait);
      };
      const found = await previewAccess({ loaders, after, index, unheard });
      // What was read for this alone was read afresh.
      trusts.push(isIndexAsked ? { ...found, gaps: [...unheard, ...found.gaps] } : found);
      return found.items.map((pair) => new AccessEffectNode(loaders, pair));
    }),
  );
  const effects = nodes.flat();
  return new AccessPreviewNode(effects, mergeTrust(trusts, context.clock.now()));
}
