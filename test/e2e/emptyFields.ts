import { type FieldNode, type FragmentDefinitionNode, Kind, parse, type SelectionSetNode } from "graphql";

/** The fields a document selects, as paths of response keys, of which an answer shows no value anywhere. */
export function emptyFields(document: string, data: unknown): string[] {
  const { definitions } = parse(document);
  const fragments = new Map(
    definitions
      .filter((each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const selected = new Set<string>();
  const collect = (set: SelectionSetNode | undefined, path: string): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) collect(fragments.get(selection.name.value)?.selectionSet, path);
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet, path);
      else {
        const place = below(path, keyOf(selection));
        selected.add(place);
        collect(selection.selectionSet, place);
      }
    }
  };
  for (const each of definitions) if (each.kind === Kind.OPERATION_DEFINITION) collect(each.selectionSet, "");

  const shown = new Set<string>();
  look(data, "", shown);
  return [...selected].filter((path) => !shown.has(path));
}

function look(value: unknown, path: string, shown: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) look(item, path, shown);
  else if (value !== null && value !== undefined) {
    shown.add(path);
    if (typeof value === "object")
      for (const [key, inner] of Object.entries(value)) look(inner, below(path, key), shown);
  }
}

function keyOf(field: FieldNode): string {
  return field.alias?.value ?? field.name.value;
}

function below(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
