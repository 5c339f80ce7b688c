import { maxChangesPerRequest } from "../limits/budgets.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { AccessChangesPayload } from "../types/payloads.js";
import { UserErrorNode } from "../types/UserErrorNode.js";
import type { ChangeInput } from "./answerRequest.js";
import { carryOut } from "./carryOut.js";
import { fault, type ReadChange } from "./readChange.js";

/** What became of a list of changes that the caller gave; one that is empty or too long is refused whole. */
export async function carryOutList<Item>(
  context: GraphContext,
  name: string,
  list: { readonly field: string; readonly items: readonly Item[] },
  read: (item: Item, index: number) => ReadChange,
  input: ChangeInput,
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
  const reads = items.map((item, index) => () => read(item, index));
  const answered = await carryOut(context, { name, input, reads });
  return "fault" in answered
    ? new AccessChangesPayload([], [new UserErrorNode(answered.fault)])
    : new AccessChangesPayload([...answered.nodes], []);
}
