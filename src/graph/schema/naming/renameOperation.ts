import { type GraphQLSchema, type NameNode, parse, TypeInfo, visit, visitWithTypeInfo } from "graphql";
import type { Naming } from "./Naming.js";

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * A document in the names of the code as one in the names that are shown, every space of it kept. With `keepsNames` a renamed field has its
 * former name as an alias, so that the answer is the same.
 */
export function renameOperation(
  text: string,
  { schema, naming, keepsNames = false }: { schema: GraphQLSchema; naming: Naming; keepsNames?: boolean },
): string {
  if (naming.isOwn) return text;
  const edits: Edit[] = [];
  const replace = ({ loc, value }: NameNode, by: string) => {
    if (loc !== undefined && by !== value) edits.push({ start: loc.start, end: loc.end, text: by });
  };
  const info = new TypeInfo(schema);
  visit(
    parse(text),
    visitWithTypeInfo(info, {
      NamedType: ({ name }) => replace(name, naming.typeName(name.value)),
      Field: ({ name, alias }) => {
        const shown = naming.fieldName(info.getParentType()?.name ?? "", name.value);
        const isAliased = keepsNames && alias === undefined && shown !== name.value;
        replace(name, isAliased ? `${name.value}: ${shown}` : shown);
      },
    }),
  );
  return edits
    .sort((left, right) => right.start - left.start)
    .reduce((whole, { start, end, text: by }) => `${whole.slice(0, start)}${by}${whole.slice(end)}`, text);
}
