import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { ChangeFault } from "../../domain/ChangeFault.js";
import type { GroupId, SiteId } from "../../domain/ids.js";
import { group as groupLoader } from "../../loaders/group.js";
import { groupChildren } from "../../loaders/groupChildren.js";
import { groupList } from "../../loaders/groupList.js";
import { groupMembers } from "../../loaders/groupMembers.js";
import { onlyOne } from "../../loaders/onlyOne.js";
import type { SiteLoaders } from "../../loaders/SiteLoaders.js";
import { groupsAbove } from "../../provisioning/groupsAbove.js";
import type { GroupResult } from "../../provisioning/settleGroup.js";
import type { GraphContext } from "../GraphContext.js";
import { CreateGroupInput, DeleteGroupInput } from "../inputs/GroupLifecycleInput.js";
import { GroupNode } from "../types/GroupNode.js";
import { CreateGroupPayload, DeleteGroupPayload, GroupPayload } from "../types/payloads.js";
import { UserErrorNode } from "../types/UserErrorNode.js";
import { forgetMembers } from "./forgetMembers.js";
import { provenanceOf } from "./provenanceOf.js";
import { fault, readId } from "./readChange.js";

@Resolver()
export class GroupMutations {
  @Mutation(() => CreateGroupPayload, {
    nullable: true,
    description: "Creates a group. A group of that name that is there already is the answer `ALREADY_EXISTS`.",
  })
  async createGroup(
    @Arg("input", () => CreateGroupInput, { description: "Which group." }) input: CreateGroupInput,
    @Ctx() context: GraphContext,
  ): Promise<GroupPayload> {
    const loaders = siteOf(context, input.siteId);
    if (loaders === null) return refused(unknownSite(context, ["siteId"]));
    const name = input.name.trim();
    if (name === "" || name.length > 255) {
      return refused(fault("INVALID_INPUT", ["name"], "A group needs a name of 1 to 255 characters."));
    }
    const provisioner = context.provisioners.get(loaders.store.site.siteId);
    const result = await provisioner?.createGroup(name, provenanceOf(context, input), input.dryRun);
    return answer(loaders, result);
  }

  @Mutation(() => DeleteGroupPayload, {
    nullable: true,
    description:
      "Deletes a group, with its memberships. On Cloud its grants go with it; on Data Center they stay behind as left-overs that nobody holds. One that is not there is the answer `NOT_PRESENT`.",
  })
  async deleteGroup(
    @Arg("input", () => DeleteGroupInput, { description: "Which group." }) input: DeleteGroupInput,
    @Ctx() context: GraphContext,
  ): Promise<GroupPayload> {
    const faults: ChangeFault[] = [];
    const id = readId(input.group, "group", ["Group"], faults);
    const [first] = faults;
    if (id === null) return refused(first ?? fault("INVALID_INPUT", ["group"], "This is not the id of a Group."));
    const loaders = siteOf(context, id.siteId);
    if (loaders === null) return refused(unknownSite(context, ["group"]));
    const provisioner = context.provisioners.get(id.siteId);
    const groupId = loaders.store.site.names.groupId(id.groupId);
    const above = groupsAbove(loaders.store, [groupId]);
    const result = await provisioner?.deleteGroup(groupId, provenanceOf(context, input), input.dryRun);
    return answer(loaders, result, [groupId, ...above]);
  }
}

/** `touched`: groups beside the one of the answer of which something may have changed. */
function answer(loaders: SiteLoaders, result: GroupResult | undefined, touched: readonly GroupId[] = []): GroupPayload {
  if (result === undefined) throw new Error("Every configured site has a provisioner.");
  const { outcome, plan, group, affected } = result;
  loaders.of(groupList).clear(onlyOne);
  for (const groupId of group === null ? touched : [...touched, group.groupId]) {
    loaders.of(groupLoader).clear(groupId);
    loaders.of(groupMembers).clear(groupId);
    loaders.of(groupChildren).clear(groupId);
  }
  forgetMembers(loaders, affected);
  loaders.forgetComputed();
  return new GroupPayload({
    outcome,
    plan,
    userErrors: result.fault === null ? [] : [new UserErrorNode(result.fault)],
    group: group === null ? null : new GroupNode(loaders, group.groupId, group),
  });
}

/** The site of an input; the only one there is where none is named. */
function siteOf(context: GraphContext, siteId: string | null | undefined): SiteLoaders | null {
  const [only] = context.sites.values();
  const isNamed = siteId !== null && siteId !== undefined;
  return (isNamed ? context.sites.get(siteId as SiteId) : context.sites.size === 1 ? only : undefined) ?? null;
}

function unknownSite(context: GraphContext, field: readonly string[]): ChangeFault {
  return fault("INVALID_INPUT", field, `Name one of the configured sites: ${[...context.sites.keys()].join(", ")}.`);
}

function refused(why: ChangeFault): GroupPayload {
  return new GroupPayload({ outcome: "FAILED", plan: [], userErrors: [new UserErrorNode(why)], group: null });
}
