import type { Random } from "../../random/Random.js";
import type { DataCenterGroup, DataCenterUser } from "../../world/World.js";
import { shareOut } from "../shareOut.js";

const teams = ["platform", "payments", "mobile", "people", "finance", "legal", "sales", "support", "data"] as const;
const places = ["amsterdam", "austin", "kraków", "lagos", "osaka", "são-paulo", "sydney"] as const;

/** The users' group, the administrators', an empty one, then large and small ones, in one another up to five deep. */
export function generateDataCenterGroups(
  random: Random,
  users: readonly DataCenterUser[],
  count: number,
): DataCenterGroup[] {
  const isLicensed = ({ status }: DataCenterUser) => status === "current" || status === "deactivated";
  const fixed: DataCenterGroup[] = [
    { name: "confluence-users", members: users.filter(isLicensed).map(({ username }) => username) },
    { name: "confluence-administrators", members: users.slice(0, 1).map(({ username }) => username) },
    { name: "nobody-yet", members: [] },
  ];
  const groups = fixed.slice(0, count);
  // Whom the directory forgot is in no group any more.
  const usernames = users.filter(({ status }) => status !== "externally_deleted").map(({ username }) => username);
  const sizes = shareOut(usernames.length * 5, count - groups.length, usernames.length);
  const names = sizes.map((_, at) => `${random.pick(teams)}-${random.pick(places)}-${at + 1}`);
  const nesting = nestGroups(random, names.length);
  const others = sizes.map((size, at): DataCenterGroup => {
    const members = random.sample(size, usernames.length).flatMap((index) => usernames[index] ?? []);
    const children = (nesting[at] ?? []).flatMap((index) => names[index] ?? []);
    return { name: names[at] ?? "", members, ...(children.length === 0 ? {} : { groups: children }) };
  });
  return [...groups, ...others];
}

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
