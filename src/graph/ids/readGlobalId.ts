import { InputError } from "../errors/InputError.js";
import { decodeGlobalId, type GlobalId, type GlobalIdType } from "./GlobalId.js";

/** An argument that must be the id of one of some types; throws `BAD_USER_INPUT` saying what it is instead. */
export function readGlobalId<T extends GlobalIdType>(
  text: string,
  argument: string,
  types: readonly T[],
): Extract<GlobalId, { type: T }> {
  const id = decodeGlobalId(text);
  const wanted = types.join(" or ");
  if (id === null) {
    throw new InputError(
      "INVALID_ID",
      argument,
      `"${excerpt(text)}" is not an id of this graph. Pass an \`id\` of type ${wanted} exactly as it was answered.`,
    );
  }
  if (!isOneOf(id, types)) {
    throw new InputError(
      "INVALID_ID",
      argument,
      `This is an id of type ${id.type}; an id of type ${wanted} is needed here.`,
    );
  }
  return id;
}

function isOneOf<T extends GlobalIdType>(id: GlobalId, types: readonly T[]): id is Extract<GlobalId, { type: T }> {
  return types.some((type) => type === id.type);
}

function excerpt(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
