import type { Random } from "../../random/Random.js";
import type { DataCenterGroup, DataCenterPermission, DataCenterSpace, DataCenterUser } from "../../world/World.js";
import { makeUserKey } from "./makeUser.js";
import { dataCenterProfiles } from "./permissionProfiles.js";

/** What spaces are made from. */
export interface DataCenterSpaceMaterial {
  readonly users: readonly DataCenterUser[];
  readonly groups: readonly DataCenterGroup[];
  readonly count: number;
}

type Subject = DataCenterPermission["subject"];

const topics = ["Platform", "Payments", "Handbook", "Research", "Launch", "Policies", "Support", "Roadmap"] as const;
const { viewing, commenting, editing, maintaining, administering, undocumented } = dataCenterProfiles;
const profiles = [viewing, commenting, editing, maintaining] as const;

/** Global and personal spaces, some archived, with grants to subjects of every kind, some of them long gone. */
export function generateDataCenterSpaces(random: Random, material: DataCenterSpaceMaterial): DataCenterSpace[] {
  return Array.from({ length: material.count }, (_, at) => makeSpace(random, material, at));
}

function makeSpace(random: Random, material: DataCenterSpaceMaterial, at: number): DataCenterSpace {
  const { users } = material;
  // Nobody has two personal spaces.
  const owner = at % 5 === 3 ? users[(at - 3) / 5] : undefined;
  const creator = owner ?? users[random.below(users.length)];
  const subjects = pickSubjects(random, material, at, creator?.userKey ?? "");
  return {
    id: 131_073 + at * 65_536,
    key: owner === undefined ? `SP${at + 1}` : `~${owner.username}`,
    name: owner === undefined ? `${random.pick(topics)} ${at + 1}` : owner.displayName,
    type: owner === undefined ? "global" : "personal",
    status: at % 12 === 4 ? "archived" : "current",
    ...(creator === undefined || at % 10 === 9 ? {} : { creator: creator.userKey }),
    permissions: subjects.flatMap((subject, index) => grant(random, subject, index, at)),
  };
}

function pickSubjects(
  random: Random,
  { users, groups }: DataCenterSpaceMaterial,
  at: number,
  creatorKey: string,
): Subject[] {
  const found: Subject[] = [{ type: "user", userKey: creatorKey }];
  for (const index of random.sample(2 + random.below(5), groups.length)) {
    found.push({ type: "group", name: groups[index]?.name ?? "" });
  }
  for (const index of random.sample(1 + random.below(4), users.length)) {
    const userKey = users[index]?.userKey ?? "";
    if (userKey !== creatorKey) found.push({ type: "user", userKey });
  }
  if (at % 6 === 0) found.push({ type: "anonymous" });
  if (at % 8 === 2) found.push({ type: "unlicensed" });
  // Left over from deletions: nobody finds these any more.
  if (at % 7 === 1) found.push({ type: "user", userKey: makeUserKey(random) });
  if (at % 9 === 2) found.push({ type: "group", name: `dissolved-team-${at + 1}` });
  return found;
}

function grant(random: Random, subject: Subject, index: number, at: number): DataCenterPermission[] {
  const profile =
    index === 0
      ? administering
      : index === 1 && at % 4 === 1
        ? undocumented
        : subject.type === "anonymous" || subject.type === "unlicensed"
          ? viewing
          : random.pick(profiles);
  return profile.map((operation) => ({ subject, operation }));
}
