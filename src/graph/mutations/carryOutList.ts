import type { GraphContext } from "../GraphContext.js";
import type { ProvenanceInput } from "../inputs/ProvenanceInput.js";
import { maxChangesPerRequest } from "../limits/ChangeBudget.js";
import { AccessChangesPayload } from "../types/payloads.js";
import { UserErrorNode } from "../types/UserErrorNode.js";
import { carryOut } from "./carryOut.js";
import { fault, type ReadChange } from "./readChange.js";

/** What became of a list of changes that the caller gave; one that is empty or too long is refused whole. */
export async function carryOutList<Item>(
  context: GraphContext,
  list: { readonly field: string; readonly items: readonly Item[] },
  read: (item: Item, index: number) => ReadChange | Promise<ReadChange>,
  input: ProvenanceInput & { readonly dryRun: boolean },
): Promise<AccessChangesPayload> {
  const { field, items } = list;
  if (items.length === 0 || items.length > maxChangesPerRequest) {
    const isEmpty = items.length === 0;
    const message = isEmpty
      ? "The list is empty: name at least one."
      : `At most ${maxChangesPerRequest} can be changed in one request; ${items.length} were asked for. Send several requests.`;
    const refusal = fault(isEmpty ? "INVALID_INPUT" : "TOO_MANY_CHANGES", [field], message);
    return new AccessChangesPayload([], [new UserErrorNode(refusal)]);
  }
  const changes = await Promise.all(items.map(read));
  return new AccessChangesPayload(await carryOut(context, changes, input), []);
}
