import { Field, ObjectType } from "type-graphql";
import { AccessChangeFields, AccessChangeNode } from "./AccessChangeNode.js";
import { UserErrorNode } from "./changeEnums.js";

/**
 * Each mutation answers with a type of its own, so that they can evolve apart; what they have in common stands in classes
 * that the schema does not show.
 */
@ObjectType({ simpleResolvers: true })
export class AccessChangesPayload {
  @Field(() => [AccessChangeNode], {
    description: "One for each change asked for. Empty when the request itself was refused.",
  })
  readonly changes: AccessChangeNode[];

  @Field(() => [UserErrorNode], { description: "What is wrong with the request as a whole; then nothing was changed." })
  readonly userErrors: UserErrorNode[];

  constructor(changes: AccessChangeNode[], userErrors: UserErrorNode[]) {
    this.changes = changes;
    this.userErrors = userErrors;
  }
}

@ObjectType({ simpleResolvers: true, description: "What became of making accounts members of a group, one by one." })
export class GrantGroupMembershipPayload extends AccessChangesPayload {}

@ObjectType({ simpleResolvers: true, description: "What became of ending memberships of a group, one by one." })
export class RevokeGroupMembershipPayload extends AccessChangesPayload {}

@ObjectType({ simpleResolvers: true, description: "What became of revoking grants, one by one, in the order asked." })
export class RevokeGrantsPayload extends AccessChangesPayload {}

@ObjectType({ simpleResolvers: true, description: "What became of several changes, one by one, in the order asked." })
export class ApplyAccessChangesPayload extends AccessChangesPayload {}

@ObjectType({ simpleResolvers: true, description: "What became of granting access to a space." })
export class GrantSpaceAccessPayload extends AccessChangeFields {}

@ObjectType({ simpleResolvers: true, description: "What became of revoking access to a space." })
export class RevokeSpaceAccessPayload extends AccessChangeFields {}
