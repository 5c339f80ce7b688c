/**
 * Rough heap of one item of each kind, in bytes, as V8 holds it (object header, fields, short strings). They only have to
 * be right within a factor of two: the cache is bounded by their sum.
 */
export const heapEstimates = {
  account: 600,
  group: 400,
  space: 700,
  grant: 350,
  role: 2_000,
  activeAccount: 150,
  id: 80,
  list: 200,
} as const;

/** Rows of an answer that a fetch goes through without others having their turn: some milliseconds. */
export const rowsAtOnce = 2_000;

/** Putting one thing of a list under its id, and a second one, takes as long as going through so many rows. */
export const rowsOfPriming = 5;

/** From so many accounts on the list of all is read where each is a call of its own: it takes one call for 200 accounts. */
export const accountsWorthListing = 20;

/** Operations of a site. More than any has; one that makes up new ones for ever must not fill the memory. */
export const maxSeenOperations = 2_000;

/** People of a synchronised directory whose account a process keeps in mind; the oldest go first. */
export const maxDirectoryPeople = 1_000;
