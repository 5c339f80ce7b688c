import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, FieldResolver, Info, Int, Query, Resolver, Root } from "type-graphql";
import { mergeTrust, type Trust } from "../../domain/Complete.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { Afterwards } from "../../provisioning/aftermath.js";
import { AccountNode, accountNode } from "../account/AccountNode.js";
import {
  type AccessChangeFields,
  AccessChangesPayload,
  ChangesPreview,
  GrantSpaceAccessPayload,
  RevokeSpaceAccessPayload,
} from "../change/AccessChangeNode.js";
import { rehearseList } from "../change/carryOut.js";
import { AccessChangeInput } from "../change/inputs.js";
import { readAnyChange } from "../change/readChange.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { SpaceNode, spaceNode } from "../space/SpaceNode.js";
import { AccessEffectNode, AccessPreviewNode } from "./AccessPreviewNode.js";
import { awaitIndex, waitField } from "./effectiveLists.js";
import { previewAccess } from "./previewAccess.js";

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
    context.resultBudget.take(changes.length);
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

@Resolver(() => AccessEffectNode)
export class AccessEffectResolver {
  @FieldResolver(() => AccountNode, { description: "Whose access changes." })
  account(
    @Root() { loaders, pair }: AccessEffectNode,
    @Info() info: GraphQLResolveInfo,
  ): AccountNode | Promise<AccountNode> {
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
  // All planned changes of a site have one aftermath.
  const places = new Map<Afterwards, SiteLoaders>();
  for (const { outcome, source } of changes) {
    if (outcome === "PLANNED" && source?.after) places.set(source.after, source.loaders);
  }
  return places.size === 0 ? null : previewAll(places, wait, context);
}

async function previewAll(
  places: ReadonlyMap<Afterwards, SiteLoaders>,
  wait: number | null | undefined,
  context: GraphContext,
): Promise<AccessPreviewNode> {
  const trusts: Trust[] = [];
  const nodes = await Promise.all(
    [...places].map(async ([after, loaders]) => {
      const index = () => awaitIndex(context, loaders, wait);
      const found = await previewAccess({ loaders, after, index });
      trusts.push(found);
      return found.items.map((pair) => new AccessEffectNode(loaders, pair));
    }),
  );
  const effects = nodes.flat();
  context.resultBudget.take(effects.length);
  return new AccessPreviewNode(effects, mergeTrust(trusts, context.clock.now()));
}
