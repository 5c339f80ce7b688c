/** The id of something that a site has one of: its group list, its role definitions. */
export const onlyOne = "*" as const;
export type OnlyOne = typeof onlyOne;
