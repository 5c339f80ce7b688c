import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { GraphContext } from "../schema/GraphContext.js";
import {
  type AccessChangeNode,
  type AccessChangesPayload,
  ApplyAccessChangesPayload,
  GrantGroupMembershipPayload,
  GrantSpaceAccessPayload,
  RevokeGrantsPayload,
  RevokeGroupMembershipPayload,
  RevokeSpaceAccessPayload,
} from "./AccessChangeNode.js";
import { carryOutList, carryOutOne } from "./carryOut.js";
import {
  ApplyAccessChangesInput,
  GrantGroupMembershipInput,
  GrantSpaceAccessInput,
  RevokeGrantsInput,
  RevokeGroupMembershipInput,
  RevokeSpaceAccessInput,
} from "./inputs.js";
import { readAnyChange, readGrantRevocation, readMembershipChange, readSpaceChange } from "./readChange.js";

const inputArg = "input";

@Resolver()
export class AccessMutations {
  @Mutation(() => GrantSpaceAccessPayload, {
    nullable: true,
    description:
      "Grants a principal access to a space: single permissions, or a role. Reads what is there, writes what is missing, reads back, and answers from that. Asked twice, the second answer is `ALREADY_EXISTS` and nothing is written.",
  })
  grantSpaceAccess(
    @Arg(inputArg, () => GrantSpaceAccessInput, { description: "Who gets what, and where." })
    input: GrantSpaceAccessInput,
    @Ctx() context: GraphContext,
  ): Promise<AccessChangeNode> {
    return carryOutOne(context, { name: "grantSpaceAccess", input, read: readSpaceChange("grantSpaceAccess", input) });
  }

  @Mutation(() => RevokeSpaceAccessPayload, {
    nullable: true,
    description:
      "Revokes a principal's access to a space. `residualAccess` of the answer tells what an account can still do there, and through which grants. Asked twice, the second answer is `NOT_PRESENT`.",
  })
  revokeSpaceAccess(
    @Arg(inputArg, () => RevokeSpaceAccessInput, { description: "Who loses what, and where." })
    input: RevokeSpaceAccessInput,
    @Ctx() context: GraphContext,
  ): Promise<AccessChangeNode> {
    return carryOutOne(context, {
      name: "revokeSpaceAccess",
      input,
      read: readSpaceChange("revokeSpaceAccess", input),
    });
  }

  @Mutation(() => GrantGroupMembershipPayload, {
    nullable: true,
    description: "Makes accounts members of a group, each with its own outcome.",
  })
  grantGroupMembership(
    @Arg(inputArg, () => GrantGroupMembershipInput, { description: "Who, and in which group." })
    input: GrantGroupMembershipInput,
    @Ctx() context: GraphContext,
  ): Promise<AccessChangesPayload> {
    return changeMemberships("grantMembership", input, context);
  }

  @Mutation(() => RevokeGroupMembershipPayload, {
    nullable: true,
    description: "Ends accounts' membership of a group, each with its own outcome.",
  })
  revokeGroupMembership(
    @Arg(inputArg, () => RevokeGroupMembershipInput, { description: "Who, and in which group." })
    input: RevokeGroupMembershipInput,
    @Ctx() context: GraphContext,
  ): Promise<AccessChangesPayload> {
    return changeMemberships("revokeMembership", input, context);
  }

  @Mutation(() => RevokeGrantsPayload, {
    nullable: true,
    description:
      "Revokes grants by their ids: memberships, permissions and roles, of any site, each with its own outcome. On Cloud a row that is not there any more is `NOT_PRESENT`, whatever was granted since.",
  })
  revokeGrants(
    @Arg(inputArg, () => RevokeGrantsInput, { description: "Which grants." }) input: RevokeGrantsInput,
    @Ctx() context: GraphContext,
  ): Promise<AccessChangesPayload> {
    const list = { field: "grants", items: input.grants };
    return carryOutList(
      context,
      "revokeGrants",
      list,
      (grantId, index) => readGrantRevocation(grantId, () => ["grants", String(index)]),
      input,
    );
  }

  @Mutation(() => ApplyAccessChangesPayload, {
    nullable: true,
    description:
      "Up to 200 changes in one request, mixed, each with its own outcome; one that fails leaves the others alone.",
  })
  applyAccessChanges(
    @Arg(inputArg, () => ApplyAccessChangesInput, { description: "Which changes." }) input: ApplyAccessChangesInput,
    @Ctx() context: GraphContext,
  ): Promise<AccessChangesPayload> {
    const list = { field: "changes", items: input.changes };
    return carryOutList(context, "applyAccessChanges", list, readAnyChange, input);
  }
}

const names = { grantMembership: "grantGroupMembership", revokeMembership: "revokeGroupMembership" } as const;

function changeMemberships(
  kind: "grantMembership" | "revokeMembership",
  input: GrantGroupMembershipInput,
  context: GraphContext,
): Promise<AccessChangesPayload> {
  const { group, accounts } = input;
  const list = { field: "accounts", items: accounts };
  const read = (account: string, index: number) =>
    readMembershipChange(kind, { group, account }, (field) =>
      field[0] === "account" ? ["accounts", String(index)] : field,
    );
  return carryOutList(context, names[kind], list, read, input);
}
