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

/**
 * The tables of the record, in the order in which they came. A step is never changed once it was released: what follows is
 * another step. Each is one statement, because one message to the database holds one.
 */
const migrations: readonly string[] = [
  `create table record_entry (
     site_id text collate "C" not null,
     number bigint not null,
     change_id text not null,
     is_first boolean not null,
     phase text not null,
     time text collate "C" not null,
     action text not null,
     subject jsonb not null,
     caller text not null,
     caller_request_id text,
     previous text not null,
     hash text not null,
     body text not null,
     primary key (site_id, number)
   )`,
  "create index record_entry_change on record_entry (change_id)",
  "create index record_entry_time on record_entry (time desc, site_id desc, number desc) where is_first",
  "create index record_entry_request on record_entry (caller, caller_request_id) where caller_request_id is not null",
  // One row a site: writers of one chain wait for one another here, in one statement each.
  `create table record_head (
     site_id text collate "C" primary key,
     number bigint not null,
     previous text not null,
     hash text not null,
     checkpoint_number bigint not null default 0,
     checkpoint_hash text not null default 'genesis'
   )`,
  `create table record_request (
     caller text not null,
     caller_request_id text not null,
     input text not null,
     state text not null,
     owner text not null,
     is_final boolean not null,
     result text,
     changed_at text not null,
     primary key (caller, caller_request_id)
   )`,
  `create table record_fact (
     kind text not null,
     site_id text collate "C" not null,
     key text not null,
     value text not null,
     at_ms bigint not null,
     primary key (kind, site_id, key)
   )`,
];

/** Brings a database to the newest form. Several processes may start at once: each step is taken by one of them. */
export async function migrate(sql: Sql): Promise<void> {
  await sql
    .query("create table if not exists record_migration (step int primary key)")
    .catch(async (error: unknown) => {
      // Two that create the same table at once: one of them is told that its name is taken.
      await sql.query("select step from record_migration limit 1").catch(() => {
        throw error;
      });
    });
  for (const [step, statement] of migrations.entries()) {
    const [known] = await sql.query<{ step: number }>("select step from record_migration where step = $1", [step]);
    if (known !== undefined) continue;
    // The step and the note of it stand or fall together, and whoever comes second waits for the first and then passes it over.
    await sql.query(
      `do $migration$ begin
         lock table record_migration in exclusive mode;
         if not exists (select 1 from record_migration where step = ${step}) then
           ${statement};
           insert into record_migration (step) values (${step});
         end if;
       end $migration$`,
    );
  }
}
