import { GraphQLError } from "graphql";

/** What is wrong with an argument; stable, for programs. */
export type InputErrorReason =
  | "INVALID_ID"
  | "INVALID_REFERENCE"
  | "INVALID_PAGE_SIZE"
  | "INVALID_CURSOR"
  | "CURSOR_OF_ANOTHER_LIST"
  | "UNKNOWN_SITE"
  | "AMBIGUOUS_LOOKUP"
  | "INVALID_EMAIL"
  | "UNKNOWN_OPERATION"
  | "UNKNOWN_TARGET";

/** An argument that cannot be used: `BAD_USER_INPUT` with the argument's name, a stable reason, and what to do instead. */
export class InputError extends GraphQLError {
  constructor(reason: InputErrorReason, argument: string, message: string) {
    super(message, { extensions: { code: "BAD_USER_INPUT", reason, argument } });
    this.name = "InputError";
  }
}
