/**
 * A field's value as it is handed to GraphQL. An `Error` is thrown by graphql-js when the field is completed: the field is
 * null, the error stands in `errors`, and the fields beside it are answered. That is how a read that failed is never
 * taken for "has none".
 */
export type Readable<T> = T | null | Error;
