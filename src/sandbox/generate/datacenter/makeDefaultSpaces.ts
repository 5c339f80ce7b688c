import type { Random } from "../../random/Random.js";
import type { DataCenterPermission, DataCenterSpace, DataCenterUser } from "../../world/World.js";
import { type DefaultDataCenterSpace, defaultDataCenterSpaces } from "./defaultDataCenterSpaces.js";
import { makeUserKey } from "./makeUser.js";
import { dataCenterProfiles } from "./permissionProfiles.js";

type Subject = DataCenterPermission["subject"];

/** The named spaces, then personal ones: of the administrator, of whoever has an odd name, of one in fifty, one archived. */
export function makeDefaultSpaces(random: Random, users: readonly DataCenterUser[]): DataCenterSpace[] {
  const named = defaultDataCenterSpaces.map((space, at) => makeNamed(random, space, at, users));
  const hermit = users.find(({ status }) => status === "deactivated");
  const owners = users.filter(({ username }, at) => at % 50 === 0 || username.includes("@"));
  const personal = [...owners, ...(hermit === undefined ? [] : [hermit])].map((owner, at) =>
    makePersonal(owner, named.length + at, owner === hermit ? "archived" : "current"),
  );
  return [...named, ...personal];
}

function makeNamed(
  random: Random,
  { key, name, status = "current", grants }: DefaultDataCenterSpace,
  at: number,
  users: readonly DataCenterUser[],
): DataCenterSpace {
  const creator = users[random.below(users.length)];
  return {
    id: idAt(at),
    key,
    name,
    type: "global",
    status,
    // Older sites do not know of every space who made it.
    ...(creator === undefined || at % 9 === 8 ? {} : { creator: creator.userKey }),
    permissions: Object.entries(grants).flatMap(([text, profile]) => {
      const subject = findSubject(random, text, users);
      return dataCenterProfiles[profile].map((operation) => ({ subject, operation }));
    }),
  };
}

function findSubject(random: Random, text: string, users: readonly DataCenterUser[]): Subject {
  if (text === "anonymous" || text === "unlicensed") return { type: text };
  const [sort, name = ""] = text.split(":");
  if (sort === "group") return { type: "group", name };
  // Left over from a deletion: nobody has this key any more.
  if (sort === "gone") return { type: "user", userKey: makeUserKey(random) };
  const candidates = users.filter(({ username, status }) => (sort === "user" ? username : status) === name);
  return { type: "user", userKey: candidates[random.below(candidates.length)]?.userKey ?? "" };
}

function makePersonal(
  { userKey, username, displayName }: DataCenterUser,
  at: number,
  status: DataCenterSpace["status"],
) {
  const subject: Subject = { type: "user", userKey };
  return {
    id: idAt(at),
    key: `~${username}`,
    name: displayName,
    type: "personal",
    status,
    creator: userKey,
    permissions: dataCenterProfiles.administering.map((operation) => ({ subject, operation })),
  } satisfies DataCenterSpace;
}

function idAt(at: number): number {
  return 131_073 + at * 65_536;
}
