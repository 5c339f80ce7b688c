/** World files do not say when anybody joined: one day for all, so that nobody reads anything into it. */
export const addedToOrganization = "2024-01-15T09:00:00.000Z";
