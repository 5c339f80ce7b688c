/** Names in as few batches as an address holds: by how many they are, and by how long they are in it, a comma for each included. */
export function batchesOf<Name extends string>(
  names: readonly Name[],
  limits: { readonly count: number; readonly length: number },
): Name[][] {
  const batches: Name[][] = [];
  let room = 0;
  for (const name of names) {
    const length = encodeURIComponent(`${name},`).length;
    const last = batches.at(-1);
    if (last === undefined || last.length >= limits.count || length > room) {
      batches.push([name]);
      room = limits.length - length;
    } else {
      last.push(name);
      room -= length;
    }
  }
  return batches;
}
