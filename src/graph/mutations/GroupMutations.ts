import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { WhatChanged } from "../../domain/ChangeEvent.js";
import type { ChangeFault } from "../../domain/ChangeFault.js";
import type { SiteId } from "../../domain/ids.js";
import type { SiteLoaders } from "../../loaders/SiteLoaders.js";
import type { GroupResult } from "../../provisioning/groups/settleGroup.js";
import type { GraphContext } from "../GraphContext.js";
import { CreateGroupInput, DeleteGroupInput } from "../inputs/GroupLifecycleInput.js";
import { GroupNode } from "../types/GroupNode.js";
import { CreateGroupPayload, DeleteGroupPayload, GroupPayload } from "../types/payloads.js";
import { UserErrorNode } from "../types/UserErrorNode.js";
import { provenanceOf } from "./provenanceOf.js";
import { fault, readId } from "./readChange.js";
import { forgetSettled, withEffects } from "./withEffects.js";

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
    const provenance = provenanceOf(context, input);
    const result = await withEffects(context, async () => provisioner?.createGroup(name, provenance, input.dryRun));
    const groupId = result?.group?.groupId ?? null;
    return answer(loaders, result, { kind: "groupCreated", groupId });
  }

  @Mutation(() => DeleteGroupPayload, {
    nullable: true,
    description:
      "Deletes a group, with its memberships. On Data Center its grants stay behind as left-overs that nobody holds; whether Cloud keeps them is not documented, so what the spaces grant is read again afterwards. One that is not there is the answer `NOT_PRESENT`.",
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
    const provenance = provenanceOf(context, input);
    const result = await withEffects(context, async () => provisioner?.deleteGroup(groupId, provenance, input.dryRun));
    return answer(loaders, result, { kind: "groupDeleted", groupId });
  }
}

function answer(loaders: SiteLoaders, result: GroupResult | undefined, settled: WhatChanged): GroupPayload {
  if (result === undefined) throw new Error("Every configured site has a provisioner.");
  const { outcome, plan, group } = result;
  forgetSettled(loaders, [settled]);
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
