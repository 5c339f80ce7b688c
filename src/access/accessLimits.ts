/** Every limit of this room. */
export const accessLimits = {
  /** Paths of one answer. Beyond it the answer says that there are more. */
  paths: 1_000,
  /** Groups looked at while chains of nested groups are sought: nesting that is one knot has more chains than atoms. */
  chainSteps: 100_000,
} as const;
