import type { PersonFragment } from "../generated/operations.ts";
import { endingOf } from "./ways.ts";

export type Decision = "keep" | "revoke";

/** One grant to revoke, and whose it is: changes are answered in the order in which they are asked for. */
export interface Revocation {
  readonly account: string;
  readonly name: string;
  readonly grant: string;
  readonly what: string;
}

export function personName({ node }: PersonFragment): string {
  return node.displayName ?? node.accountId;
}

/** What revoking somebody's access comes to: the person's own step of every way, each once. */
export function revocationsOf(person: PersonFragment): Revocation[] {
  const found = new Map<string, Revocation>();
  for (const way of person.paths) {
    const ending = endingOf(way, person.node.id);
    if (ending.kind === "stays") continue;
    found.set(ending.grant, {
      account: person.node.id,
      name: personName(person),
      grant: ending.grant,
      what: ending.what,
    });
  }
  return [...found.values()];
}
