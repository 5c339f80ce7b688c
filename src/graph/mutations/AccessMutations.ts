import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { GraphContext } from "../GraphContext.js";
import { type AccessChangeInput, ApplyAccessChangesInput, RevokeGrantsInput } from "../inputs/AccessChangesInput.js";
import { GrantGroupMembershipInput, RevokeGroupMembershipInput } from "../inputs/MembershipInput.js";
import { GrantSpaceAccessInput, RevokeSpaceAccessInput } from "../inputs/SpaceAccessInput.js";
import { AccessChangeNode } from "../types/AccessChangeNode.js";
import { AccessChangesPayload } from "../types/payloads.js";
import { carryOut } from "./carryOut.js";
import { carryOutList } from "./carryOutList.js";
import { fault, type Locate, type ReadChange, readMembershipChange, readSpaceChange } from "./readChange.js";
import { readGrantRevocation } from "./readGrantRevocation.js";

const inputArg = "input";

@Resolver()
export class AccessMutations {
  @Mutation(() => AccessChangeNode, {
    description:
      "Grants a principal access to a space: single permissions, or a role. Reads what is there, writes what is missing, reads back, and answers from that. Asked twice, the second answer is `ALREADY_EXISTS` and nothing is written.",
  })
  async grantSpaceAccess(
    @Arg(inputArg, () => GrantSpaceAccessInput, { description: "Who gets what, and where." })
    input: GrantSpaceAccessInput,
    @Ctx() context: GraphContext,
  ): Promise<AccessChangeNode | undefined> {
    const [node] = await carryOut(context, [readSpaceChange("grantSpaceAccess", input)], input);
    return node;
  }

  @Mutation(() => AccessChangeNode, {
    description:
      "Revokes a principal's access to a space. `residualAccess` of the answer tells what an account can still do there, and through which grants. Asked twice, the second answer is `NOT_PRESENT`.",
  })
  async revokeSpaceAccess(
    @Arg(inputArg, () => RevokeSpaceAccessInput, { description: "Who loses what, and where." })
    input: RevokeSpaceAccessInput,
    @Ctx() context: GraphContext,
  ): Promise<AccessChangeNode | undefined> {
    const [node] = await carryOut(context, [readSpaceChange("revokeSpaceAccess", input)], input);
    return node;
  }

  @Mutation(() => AccessChangesPayload, {
    description: "Makes accounts members of a group, each with its own outcome.",
  })
  grantGroupMembership(
    @Arg(inputArg, () => GrantGroupMembershipInput, { description: "Who, and in which group." })
    input: GrantGroupMembershipInput,
    @Ctx() context: GraphContext,
  ): Promise<AccessChangesPayload> {
    return changeMemberships("grantMembership", input, context);
  }

  @Mutation(() => AccessChangesPayload, {
    description: "Ends accounts' membership of a group, each with its own outcome.",
  })
  revokeGroupMembership(
    @Arg(inputArg, () => RevokeGroupMembershipInput, { description: "Who, and in which group." })
    input: RevokeGroupMembershipInput,
    @Ctx() context: GraphContext,
  ): Promise<AccessChangesPayload> {
    return changeMemberships("revokeMembership", input, context);
  }

  @Mutation(() => AccessChangesPayload, {
    description:
      "Revokes grants by their ids: memberships, permissions and roles, of any site, each with its own outcome.",
  })
  revokeGrants(
    @Arg(inputArg, () => RevokeGrantsInput, { description: "Which grants." }) input: RevokeGrantsInput,
    @Ctx() context: GraphContext,
  ): Promise<AccessChangesPayload> {
    const list = { field: "grantIds", items: input.grantIds };
    return carryOutList(
      context,
      list,
      (grantId, index) => readGrantRevocation(context, grantId, () => ["grantIds", String(index)]),
      input,
    );
  }

  @Mutation(() => AccessChangesPayload, {
    description:
      "Up to 200 changes in one request, mixed, each with its own outcome; one that fails leaves the others alone.",
  })
  applyAccessChanges(
    @Arg(inputArg, () => ApplyAccessChangesInput, { description: "Which changes." }) input: ApplyAccessChangesInput,
    @Ctx() context: GraphContext,
  ): Promise<AccessChangesPayload> {
    const list = { field: "changes", items: input.changes };
    return carryOutList(context, list, (change, index) => readAny(change, index, context), input);
  }
}

function changeMemberships(
  kind: "grantMembership" | "revokeMembership",
  input: GrantGroupMembershipInput,
  context: GraphContext,
): Promise<AccessChangesPayload> {
  const { groupId, accountIds } = input;
  const list = { field: "accountIds", items: accountIds };
  const read = (accountId: string, index: number) =>
    readMembershipChange(kind, { groupId, accountId }, (field) =>
      field[0] === "accountId" ? ["accountIds", String(index)] : field,
    );
  return carryOutList(context, list, read, input);
}

function readAny(change: AccessChangeInput, index: number, context: GraphContext): ReadChange | Promise<ReadChange> {
  const { grantSpaceAccess, revokeSpaceAccess, grantGroupMembership, revokeGroupMembership, revokeGrant } = change;
  const given = Object.entries(change).filter(([, value]) => value !== null && value !== undefined);
  const [name, ...others] = given.map(([key]) => key);
  const place = ["changes", String(index)];
  if (name === undefined || others.length > 0) {
    const message = `Give exactly one kind of change; ${given.length} were given.`;
    return { faults: [fault("INVALID_INPUT", place, message)] };
  }
  const locate: Locate = (field) => [...place, name, ...field];
  if (grantSpaceAccess) return readSpaceChange("grantSpaceAccess", grantSpaceAccess, locate);
  if (revokeSpaceAccess) return readSpaceChange("revokeSpaceAccess", revokeSpaceAccess, locate);
  if (grantGroupMembership) return readMembershipChange("grantMembership", grantGroupMembership, locate);
  if (revokeGroupMembership) return readMembershipChange("revokeMembership", revokeGroupMembership, locate);
  return readGrantRevocation(context, revokeGrant ?? "", () => [...place, name]);
}
