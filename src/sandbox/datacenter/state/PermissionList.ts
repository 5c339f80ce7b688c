import type { Operation, PermissionRow } from "./PermissionRow.js";
import { type Subject, subjectKey } from "./Subject.js";

/** The grants of one space, or those of the whole site, in the order they were given. */
export class PermissionList {
  readonly #rows: Map<string, PermissionRow>;
  #version = 0;

  constructor(rows: readonly PermissionRow[]) {
    this.#rows = new Map(rows.map((row) => [keyOf(row.subject, row.operation), row]));
  }

  /** Changes whenever any row does; what is derived from rows is kept by it. */
  get version(): number {
    return this.#version;
  }

  rows(): readonly PermissionRow[] {
    return [...this.#rows.values()];
  }

  of(subject: Subject): readonly PermissionRow[] {
    const key = subjectKey(subject);
    return this.rows().filter((row) => subjectKey(row.subject) === key);
  }

  has(subject: Subject, operation: Operation): boolean {
    return this.#rows.has(keyOf(subject, operation));
  }

  /** False when it is there already. */
  grant(subject: Subject, { operationKey, targetType }: Operation): boolean {
    const operation = { operationKey, targetType };
    if (this.has(subject, operation)) return false;
    this.#rows.set(keyOf(subject, operation), { subject, operation });
    this.#version += 1;
    return true;
  }

  /** False when it is not there. */
  revoke(subject: Subject, operation: Operation): boolean {
    const isThere = this.#rows.delete(keyOf(subject, operation));
    if (isThere) this.#version += 1;
    return isThere;
  }

  /** What was granted to one is another's from now on, in the same places. */
  hand(from: Subject, to: Subject): void {
    const key = subjectKey(from);
    const rows = this.rows();
    if (!rows.some(({ subject }) => subjectKey(subject) === key)) return;
    this.#rows.clear();
    for (const row of rows) {
      const handed = subjectKey(row.subject) === key ? { ...row, subject: to } : row;
      this.#rows.set(keyOf(handed.subject, handed.operation), handed);
    }
    this.#version += 1;
  }
}

function keyOf(subject: Subject, { operationKey, targetType }: Operation): string {
  return `${subjectKey(subject)}\n${operationKey}/${targetType}`;
}
