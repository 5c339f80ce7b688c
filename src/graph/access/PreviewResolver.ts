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
import { InputError } from "../errors/errorCodes.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { SpaceNode, spaceNode } from "../space/SpaceNode.js";
import { AccessEffectNode, AccessPreviewNode } from "./AccessPreviewNode.js";
import { previewAccess } from "./previewAccess.js";

const maxWaitSeconds = 30;

const waitArg = {
  defaultValue: 5,
  description: `How many seconds to wait for the access index of a site that is not read yet: 0 to ${maxWaitSeconds}. Asked for only where memberships, access classes or many accounts are about; what it lacks then is a gap.`,
} as const;

const previewField = {
  nullable: true,
  description:
    "Of a dry run: who would gain and lose what by what is planned. Computed where it is asked for. Null after a real run, and where nothing is planned.",
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
    @Arg("wait", () => Int, waitArg) wait: number,
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
    @Arg("wait", () => Int, waitArg) wait: number,
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
    @Arg("wait", () => Int, waitArg) wait: number,
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
  wait: number,
  context: GraphContext,
): Promise<AccessPreviewNode> | null {
  if (wait < 0 || wait > maxWaitSeconds) {
    throw new InputError(
      "INVALID_PAGE_SIZE",
      "wait",
      `\`wait\` must be 0 to ${maxWaitSeconds} seconds; it is ${wait}.`,
    );
  }
  // All planned changes of a site have one aftermath.
  const places = new Map<Afterwards, SiteLoaders>();
  for (const { outcome, source } of changes) {
    if (outcome === "PLANNED" && source?.after) places.set(source.after, source.loaders);
  }
  return places.size === 0 ? null : previewAll(places, wait * 1_000, context);
}

async function previewAll(
  places: ReadonlyMap<Afterwards, SiteLoaders>,
  waitMs: number,
  context: GraphContext,
): Promise<AccessPreviewNode> {
  const trusts: Trust[] = [];
  const nodes = await Promise.all(
    [...places].map(async ([after, loaders]) => {
      const index = () => context.indexes.of(loaders.site.siteId).whenReady(waitMs);
      const found = await previewAccess({ loaders, after, index });
      trusts.push(found);
      return found.items.map((pair) => new AccessEffectNode(loaders, pair));
    }),
  );
  const effects = nodes.flat();
  context.resultBudget.take(effects.length);
  return new AccessPreviewNode(effects, mergeTrust(trusts, context.clock.now()));
}
