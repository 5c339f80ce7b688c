declare const brand: unique symbol;

/** A string that is only ever one kind of id: a `GroupId` cannot be passed where an `AccountId` is wanted. */
export type Brand<Name extends string> = string & { readonly [brand]: Name };
