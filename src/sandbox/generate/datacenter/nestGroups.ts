import type { Random } from "../../random/Random.js";

const family = 10;

/**
 * Which of `count` groups are in which, by number. Of ten groups in a row five are a chain, each in the one before, three are
 * in one of the chain, and two stand alone; in the first ten, and in every tenth ten, those two are in each other.
 */
export function nestGroups(random: Random, count: number): readonly (readonly number[])[] {
  const children = Array.from({ length: count }, (): number[] => []);
  const nest = (parent: number, child: number): void => {
    if (parent < count && child < count) children[parent]?.push(child);
  };
  for (let first = 0; first < count; first += family) {
    if (first % (family * 10) === 0) {
      nest(first, first + 1);
      nest(first + 1, first);
    }
    for (let link = 2; link < 6; link += 1) nest(first + link, first + link + 1);
    // Below the last of the chain they would make it deeper than five.
    for (let side = 7; side < family; side += 1) nest(first + 2 + random.below(4), first + side);
  }
  return children;
}
