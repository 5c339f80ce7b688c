import { GraphQLError } from "graphql";
import type { SiteErrorKind } from "../../domain/SiteError.js";

/** What is wrong with an argument; stable, for programs. */
type InputErrorReason =
  | "INVALID_ID"
  | "INVALID_REFERENCE"
  | "INVALID_PAGE_SIZE"
  | "INVALID_WAIT"
  | "INVALID_LIST_SIZE"
  | "INVALID_CURSOR"
  | "CURSOR_OF_ANOTHER_LIST"
  | "UNKNOWN_SITE"
  | "AMBIGUOUS_LOOKUP"
  | "INVALID_EMAIL"
  | "UNKNOWN_OPERATION"
  | "UNKNOWN_TARGET";

/**
 * An argument that cannot be used: `BAD_USER_INPUT` with the argument's name, a stable reason, and what to do instead. A list can hold
 * thousands of such, and where one was made helps nobody: noting that takes as long as all the rest.
 */
export class InputError extends GraphQLError {
  constructor(reason: InputErrorReason, argument: string, message: string) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      super(message, { extensions: { code: "BAD_USER_INPUT", reason, argument } });
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
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

/** The stable GraphQL code of each kind of upstream failure: in `errors[].extensions.code` and in `Gap.code`. */
export enum UpstreamCode {
  UPSTREAM_AUTH = "UPSTREAM_AUTH",
  UPSTREAM_FORBIDDEN = "UPSTREAM_FORBIDDEN",
  UPSTREAM_NOT_VISIBLE = "UPSTREAM_NOT_VISIBLE",
  UPSTREAM_THROTTLED = "UPSTREAM_THROTTLED",
  UPSTREAM_BUSY = "UPSTREAM_BUSY",
  UPSTREAM_UNREACHABLE = "UPSTREAM_UNREACHABLE",
  UPSTREAM_FAILED = "UPSTREAM_FAILED",
  UPSTREAM_CONTRACT = "UPSTREAM_CONTRACT",
  UPSTREAM_REJECTED = "UPSTREAM_REJECTED",
  UPSTREAM_MISCONFIGURED = "UPSTREAM_MISCONFIGURED",
  INCOMPLETE = "INCOMPLETE",
  FORBIDDEN = "FORBIDDEN",
  UNSUPPORTED = "UNSUPPORTED",
}

export const upstreamCodes: Readonly<Record<SiteErrorKind, UpstreamCode>> = {
  CredentialRejected: UpstreamCode.UPSTREAM_AUTH,
  ScopeMissing: UpstreamCode.UPSTREAM_AUTH,
  AccessRefused: UpstreamCode.UPSTREAM_FORBIDDEN,
  NotVisible: UpstreamCode.UPSTREAM_NOT_VISIBLE,
  Throttled: UpstreamCode.UPSTREAM_THROTTLED,
  Overloaded: UpstreamCode.UPSTREAM_BUSY,
  Unreachable: UpstreamCode.UPSTREAM_UNREACHABLE,
  UpstreamFailed: UpstreamCode.UPSTREAM_FAILED,
  ContractDrift: UpstreamCode.UPSTREAM_CONTRACT,
  RequestRejected: UpstreamCode.UPSTREAM_REJECTED,
  Misconfigured: UpstreamCode.UPSTREAM_MISCONFIGURED,
  NotPermitted: UpstreamCode.FORBIDDEN,
  ReadIncomplete: UpstreamCode.INCOMPLETE,
  Unsupported: UpstreamCode.UNSUPPORTED,
};
