/** The options of the field `dryRun`, which every mutation's input has. */
export const dryRunField = {
  defaultValue: false,
  description: "True to plan only: the same checks and the same plan as the real run, and no write.",
};
