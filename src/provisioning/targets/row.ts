import type { AskedChange, RowRevocation } from "../Change.js";
import type { SpaceState } from "../plans/SpaceState.js";
import type { Task } from "../reconcile/Task.js";
import type { FreshFacts } from "./FreshFacts.js";
import { type Asked, spaceTask } from "./space.js";

/** The revocation of a row, which knows what it is about once it was read. */
export interface RowTask extends Task<SpaceState> {
  /** What it came to; as it was asked for where no such row was found. */
  readonly change: AskedChange;
}

/**
 * The revocation of one stored row by its id. Only the reading that decides tells whose it is: a row that is not in it is not
 * there, whatever was known of it before, so that nobody loses a newer row that gives the same.
 */
export function rowTask(facts: FreshFacts, asked: RowRevocation, how: Asked): RowTask {
  const { spaceId, permissionId } = asked;
  let change: AskedChange = asked;
  let known: Task<SpaceState> | null = null;
  const taskOn = ({ grants }: SpaceState): Task<SpaceState> | null => {
    if (known !== null) return known;
    const row = grants.find((grant) => grant.kind === "permission" && grant.permissionId === permissionId);
    if (row?.kind !== "permission") return null;
    const { principal, operation } = row;
    const found = { kind: "revokePermissions", spaceId, principal, operations: [operation], permissionId } as const;
    change = found;
    known = spaceTask(facts, found, how);
    return known;
  };
  const nothingHeld: readonly string[] = [];
  return {
    get change() {
      return change;
    },
    action: "revokePermissions",
    // The same before and after it was read: an earlier attempt is found again by it.
    subject: { spaceId, permissionId },
    subjectKey: `row ${permissionId}`,
    subjectIn: (state) => taskOn(state)?.subjectKey ?? null,
    waitsForOthers: (state) => taskOn(state)?.waitsForOthers?.(state) ?? false,
    takesAdministration: (state) => taskOn(state)?.takesAdministration?.(state) ?? false,
    objection: null,
    readsAfterEachStep: false,
    renew: () => facts.renew(),
    provenance: how.provenance,
    resumes: how.resumes,
    plan: (state) => taskOn(state)?.plan(state) ?? { kind: "settled", outcome: "NOT_PRESENT" },
    simulate: (state, plan) => taskOn(state)?.simulate(state, plan) ?? state,
    undoFacts: async (state) => {
      taskOn(state);
      return change.kind === "revokePermissions"
        ? { principal: change.principal, operations: change.operations }
        : null;
    },
    lookBack: async (state) => (await taskOn(state)?.lookBack?.(state)) ?? null,
    describe: (state) => taskOn(state)?.describe(state) ?? nothingHeld,
  };
}
