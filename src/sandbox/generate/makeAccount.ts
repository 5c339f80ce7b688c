import type { Random } from "../random/Random.js";
import type { WorldAccount } from "../world/World.js";
import { makeEmail } from "./makeEmail.js";
import type { PersonKind } from "./PersonKind.js";
import { personNames } from "./personNames.js";

const departments = ["Engineering", "People", "Finance", "Legal", "Marketing", "Sales", "Support", "IT"] as const;
const appNames = [
  "Diagram Maker",
  "Backup Bot",
  "Release Notes",
  "Survey Forms",
  "Table Filter",
  "Slides Embed",
] as const;

/** An account of a kind. `number` makes the address one of a kind. */
export function makeAccount(random: Random, kind: PersonKind, number: number): WorldAccount {
  const id = `712020:${random.uuid()}`;
  if (kind === "app") return { ...bare(id, "app", `${random.pick(appNames)} ${number}`) };
  if (kind === "unknown") return { ...bare(id, "unknown", "Unknown user"), accountStatus: "unknown" };
  const givenName = random.pick(personNames.given);
  const familyName = random.pick(personNames.family);
  const displayName = `${givenName} ${familyName}`;
  const email = makeEmail(
    [givenName, familyName, String(number)],
    kind === "guest" ? "partner.example" : "example.com",
  );
  if (kind === "customer") return { ...bare(`qm:${random.uuid()}`, "customer", displayName), email };
  if (kind === "closed") return { ...bare(id, "atlassian", "Former user"), accountStatus: "closed", email: "" };
  const person: WorldAccount = {
    ...bare(id, "atlassian", displayName),
    // About a fifth of the people hide their address, in the two ways that this shows.
    email: random.isLikely(0.8) ? email : random.isLikely(0.7) ? null : "",
    orgStatus: "active",
    productRoles: ["atlassian/user"],
    lastActive: daysAgo(random.isLikely(0.15) ? 91 + random.below(400) : random.below(60)),
    managed: true,
    givenName,
    familyName,
    department: random.pick(departments),
    externalId: `E${String(100_000 + number)}`,
  };
  return { ...person, ...traits[kind] };
}

const traits: Readonly<Partial<Record<PersonKind, Partial<WorldAccount>>>> = {
  guest: { isExternalCollaborator: true, productRoles: ["atlassian/guest"], managed: false },
  suspended: { orgStatus: "suspended" },
  deactivated: { accountStatus: "inactive", orgStatus: "deactivated", productRoles: [] },
  inactive: { accountStatus: "inactive" },
  unlicensed: { productRoles: [] },
};

function bare(accountId: string, accountType: WorldAccount["accountType"], displayName: string): WorldAccount {
  return {
    accountId,
    accountType,
    accountStatus: "active",
    displayName,
    email: accountType === "atlassian" ? null : "",
  };
}

/** Counted back from one fixed day: a world must be the same whenever it is made. */
function daysAgo(days: number): string {
  return new Date(Date.UTC(2026, 10, 20) - days * 86_400_000).toISOString().slice(0, 10);
}
