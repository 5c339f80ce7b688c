import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { ChangeFault, WhatChanged } from "../../domain/Change.js";
import type { GroupId, SiteId } from "../../domain/ids.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { isFinal } from "../../provisioning/Requests.js";
import type { GroupResult } from "../../provisioning/targets/groupLifecycle.js";
import type { Provenance } from "../../record/ChangeRecord.js";
import { answerRequest, type ChangeInput, forgetEffects, loadersFor, provisionerOf } from "../change/answerRequest.js";
import { ChangeOutcome, ChangeReach, UserErrorNode } from "../change/changeEnums.js";
import {
  acknowledgeAdministrationField,
  acknowledgeOrganizationWideField,
  dryRunField,
  ProvenanceInput,
} from "../change/inputs.js";
import { PolicyAnswerNode, policyField } from "../change/policyAnswers.js";
import { fault, readId } from "../change/readChange.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { GroupNode } from "./GroupNode.js";

@InputType({ description: "Creates a group." })
class CreateGroupInput extends ProvenanceInput {
  @Field(() => ID, { nullable: true, description: "The site; may be left out where there is only one." })
  readonly siteId?: string | null;

  @Field(() => String, { description: "The group's name, 1 to 255 characters." })
  readonly name!: string;

  @Field(() => Boolean, dryRunField)
  readonly dryRun!: boolean;
}

@InputType({ description: "Deletes a group. Its memberships go with it, and on Cloud its grants." })
class DeleteGroupInput extends ProvenanceInput {
  @Field(() => ID, { description: "The `id` of a Group." })
  readonly group!: string;

  @Field(() => Boolean, acknowledgeOrganizationWideField)
  readonly acknowledgeOrganizationWide!: boolean;

  @Field(() => Boolean, acknowledgeAdministrationField)
  readonly acknowledgeAdministration!: boolean;

  @Field(() => Boolean, dryRunField)
  readonly dryRun!: boolean;
}

@ObjectType({ simpleResolvers: true })
class GroupPayload {
  @Field(() => PolicyAnswerNode, policyField)
  policy?: PolicyAnswerNode | null;

  @Field(() => ChangeOutcome, { description: "How it ended." })
  readonly outcome: string;

  @Field(() => [UserErrorNode], { description: "Why it was not carried out. Empty when it was." })
  readonly userErrors: UserErrorNode[];

  @Field(() => [String], { description: "The calls that were planned." })
  readonly plan: readonly string[];

  @Field(() => [ChangeReach], {
    description:
      "How far the plan goes beyond what it names: what acknowledgements are asked for. A dry run tells it without them. Empty when it reaches nothing else, and when nothing was planned. Example: `[ORGANIZATION_WIDE]`.",
  })
  readonly reach: readonly string[];

  @Field(() => GroupNode, { nullable: true, description: "The group; null when there is none." })
  readonly group: GroupNode | null;

  constructor(facts: {
    outcome: string;
    userErrors: UserErrorNode[];
    plan: readonly string[];
    reach: readonly string[];
    group: GroupNode | null;
  }) {
    this.outcome = facts.outcome;
    this.userErrors = facts.userErrors;
    this.plan = facts.plan;
    this.reach = facts.reach;
    this.group = facts.group;
  }
}

@ObjectType({ simpleResolvers: true, description: "What became of a group that was to be created." })
export class CreateGroupPayload extends GroupPayload {}

@ObjectType({ simpleResolvers: true, description: "What became of a group that was to be deleted." })
export class DeleteGroupPayload extends GroupPayload {}

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
    const provisioner = provisionerOf(context, loaders);
    const run: AskedGroup["run"] = (provenance, _earlier, isDryRun) =>
      provisioner.createGroup(name, provenance, isDryRun);
    return answer(context, { name: "createGroup", input, run, loaders }, (group) => ({
      kind: "groupCreated",
      groupId: group,
    }));
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
    const provisioner = provisionerOf(context, loaders);
    const groupId = loaders.store.site.names.groupId(id.groupId);
    const run: AskedGroup["run"] = (provenance, _earlier, isDryRun) =>
      provisioner.deleteGroup(groupId, provenance, isDryRun);
    return answer(context, { name: "deleteGroup", input, run, loaders }, () => ({ kind: "groupDeleted", groupId }));
  }
}

interface AskedGroup {
  readonly name: string;
  readonly input: ChangeInput;
  readonly loaders: SiteLoaders;
  readonly run: (provenance: Provenance, earlier: unknown, isDryRun: boolean) => Promise<GroupResult>;
}

async function answer(
  context: GraphContext,
  { loaders, ...asked }: AskedGroup,
  effectOn: (groupId: GroupId | null) => WhatChanged,
): Promise<GroupPayload> {
  const answered = await answerRequest<GroupResult>(context, { ...asked, isFinal });
  if ("fault" in answered) return refused(answered.fault);
  const { outcome, plan, group, fault: why } = answered.result;
  forgetEffects(loaders, [effectOn(group?.groupId ?? null)], answered.isAskedAgain);
  return new GroupPayload({
    outcome,
    plan,
    reach: answered.result.reach ?? [],
    userErrors: why === null ? [] : [new UserErrorNode(why)],
    group: group && new GroupNode(loadersFor(context, loaders, answered.isRepeated), group.groupId, group),
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
  return new GroupPayload({
    outcome: "FAILED",
    plan: [],
    reach: [],
    userErrors: [new UserErrorNode(why)],
    group: null,
  });
}
