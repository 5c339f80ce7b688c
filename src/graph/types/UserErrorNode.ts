import { Field, ObjectType } from "type-graphql";
import type { ChangeFault } from "../../domain/Change.js";
import { UserErrorCode } from "./changeEnums.js";

@ObjectType("UserError", {
  simpleResolvers: true,
  description: "Why a change was not carried out, and what to do about it.",
})
export class UserErrorNode {
  @Field(() => UserErrorCode, { description: "Why, for programs." })
  readonly code: string;

  @Field(() => [String], {
    description: 'The path of the input field at fault. Example: `["permissions", "0"]`. Empty when none is.',
  })
  readonly field: readonly string[];

  @Field(() => String, { description: "Why, for people, and what to do." })
  readonly message: string;

  constructor(fault: ChangeFault) {
    this.code = fault.code;
    this.field = fault.field;
    this.message = fault.message;
  }
}
