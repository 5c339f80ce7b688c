import { Random } from "../random/Random.js";
import type { CloudWorld, World, WorldAccount } from "../world/World.js";
import { generateDataCenterWorld } from "./datacenter/generateDataCenterWorld.js";
import { defaultRoles } from "./defaultRoles.js";
import { generateGroups } from "./generateGroups.js";
import { generateSpaces } from "./generateSpaces.js";
import { makeAccount } from "./makeAccount.js";
import { makeAdministrator } from "./makeAdministrator.js";
import type { PersonKind } from "./PersonKind.js";
import { type CloudSize, parseRandomSpec } from "./parseRandomSpec.js";

const rareKinds: readonly PersonKind[] = [
  "guest",
  "app",
  "customer",
  "suspended",
  "deactivated",
  "inactive",
  "closed",
  "unlicensed",
  "unknown",
];

/**
 * Makes up a world, the same for the same description: `random:SEED:accounts=2000,groups=200,spaces=500` (`parseRandomSpec`
 * says what else). It holds every kind of account, group, space, principal and grant as soon as it is large enough for them.
 * Where it has both halves, people of one are people of the other.
 */
export function generateWorld(spec: string): World {
  const { seed, cloud: cloudSize, dataCenter } = parseRandomSpec(spec);
  const cloud = cloudSize === undefined ? undefined : makeCloud(seed, cloudSize);
  return {
    ...(cloud === undefined ? {} : { cloud }),
    ...(dataCenter === undefined
      ? {}
      : { dataCenter: generateDataCenterWorld(seed, dataCenter, cloud?.accounts ?? []) }),
  };
}

function makeCloud(seed: string, { mode, ...sizes }: CloudSize): CloudWorld {
  const random = new Random(`${seed} accounts`);
  const accounts = Array.from({ length: sizes.accounts }, (_, at): WorldAccount => {
    if (at === 0) return makeAdministrator(random);
    return makeAccount(random, kindOf(at, random), at);
  });
  const groups = generateGroups(new Random(`${seed} groups`), accounts, sizes.groups, sizes.memberships);
  const spaces = generateSpaces(new Random(`${seed} spaces`), { accounts, groups, mode, count: sizes.spaces });
  return { cloudId: new Random(seed).uuid(), mode, accounts, groups, spaces, roles: defaultRoles };
}

/** One of each rare kind early on, so that small worlds have them too; then about three in ten. */
function kindOf(at: number, random: Random): PersonKind {
  const early = at % 2 === 1 ? rareKinds[(at - 1) / 2] : undefined;
  if (early !== undefined) return early;
  if (!random.isLikely(0.28)) return "licensed";
  return rareKinds[random.below(rareKinds.length)] ?? "licensed";
}
