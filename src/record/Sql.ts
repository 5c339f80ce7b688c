/** A PostgreSQL, wherever it runs: a server, or one embedded in a thread of ours. */
export interface Sql {
  /** One statement; rows as objects. Rejects with a `RecordUnavailable` where the database cannot answer. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** The record cannot be read or written now: nothing may be changed meanwhile. */
export class RecordUnavailable extends Error {
  override readonly name = "RecordUnavailable";
}
