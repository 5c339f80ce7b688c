import { InputError } from "../errors/InputError.js";

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
