import type { Random } from "../../random/Random.js";
import type { DataCenterGroup, DataCenterUser } from "../../world/World.js";
import { shareOut } from "../shareOut.js";
import { nestGroups } from "./nestGroups.js";

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
