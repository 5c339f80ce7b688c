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

/** The one way in which a lookup names what it wants; throws `BAD_USER_INPUT` when none or several are given. */
export function readLookup<Names extends string>(
  ways: Readonly<Record<Names, string | null | undefined>>,
): { readonly [Name in Names]: { readonly by: Name; readonly value: string } }[Names] {
  const names = Object.keys(ways) as Names[];
  const given = names.flatMap((by) => {
    const value = ways[by];
    return value === null || value === undefined ? [] : [{ by, value }];
  });
  const [only] = given;
  if (only === undefined || given.length > 1) {
    throw new InputError(
      "AMBIGUOUS_LOOKUP",
      given.map(({ by }) => by).join(", ") || (names[0] ?? ""),
      `Give exactly one of ${names.join(", ")}; ${given.length === 0 ? "none was given" : `given: ${given.map(({ by }) => by).join(", ")}`}.`,
    );
  }
  return only;
}
