/** What values look like: the names of their fields, and of what each is; of lists, what their items are. */
export function shapeOf(values: readonly unknown[]): unknown {
  const words = new Set<string>();
  const items: unknown[] = [];
  const fields = new Map<string, unknown[]>();
  let objects = 0;
  let isList = false;
  for (const value of values) {
    if (Array.isArray(value)) {
      isList = true;
      items.push(...value);
    } else if (typeof value !== "object" || value === null) words.add(value === null ? "null" : typeof value);
    else if (Object.getPrototypeOf(value) !== Object.prototype) words.add(value.constructor.name);
    else {
      objects += 1;
      for (const [name, part] of Object.entries(value)) fields.set(name, [...(fields.get(name) ?? []), part]);
    }
  }
  const shapes: unknown[] = [...words].sort();
  if (isList) shapes.push([shapeOf(items)]);
  if (objects > 0) {
    const named = [...fields].sort(([left], [right]) => (left < right ? -1 : 1));
    shapes.push(
      Object.fromEntries(named.map(([name, parts]) => [parts.length < objects ? `${name}?` : name, shapeOf(parts)])),
    );
  }
  return shapes.length === 1 ? shapes[0] : shapes;
}
