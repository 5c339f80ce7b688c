import type { DataCenterUser, WorldAccount } from "../World.js";
import type { Random } from "./random.js";

/** The kinds of account that worlds are made of. */
export type PersonKind =
  | "licensed"
  | "guest"
  | "app"
  | "customer"
  | "suspended"
  | "deactivated"
  | "inactive"
  | "closed"
  | "unlicensed"
  | "unknown";

/** The account behind the default credential. */
export function makeAdministrator(random: Random): WorldAccount {
  return {
    accountId: `712020:${random.uuid()}`,
    accountType: "atlassian",
    accountStatus: "active",
    displayName: "Robin Adeyemi",
    email: "admin@sandbox.test",
    orgStatus: "active",
    productRoles: ["atlassian/user", "atlassian/admin"],
    lastActive: "2026-11-20",
    managed: true,
    givenName: "Robin",
    familyName: "Adeyemi",
    department: "IT",
    externalId: "E100000",
  };
}

/** Where people work, which their groups follow from. */
export const departments = [
  "Engineering",
  "People",
  "Finance",
  "Legal",
  "Marketing",
  "Sales",
  "Support",
  "IT",
] as const;
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

/** Whether an account is a colleague's and shows the e-mail by which another site's account is found to be theirs. */
export function isReachablePerson(account: WorldAccount): account is WorldAccount & { readonly email: string } {
  return account.accountType === "atlassian" && account.isExternalCollaborator !== true && Boolean(account.email);
}

/** 32 hexadecimal digits; those of one installation begin alike. */
export function makeUserKey(random: Random): string {
  return `2c958083${random.uuid().replaceAll("-", "").slice(0, 24)}`;
}

const dayMs = 86_400_000;

/** When a user was last there: some never, some long ago, whoever may not come any more long ago at best. */
function makeLastLogin(random: Random, status: DataCenterUser["status"]): Pick<DataCenterUser, "lastLogin"> {
  if (random.isLikely(0.1)) return {};
  const isLongAgo = status !== "current" || random.isLikely(0.15);
  const days = isLongAgo ? 91 + random.below(900) : random.below(60);
  // Counted back from one fixed moment: a world must be the same whenever it is made.
  const at = Date.UTC(2026, 10, 20, 18) - days * dayMs - random.below(600) * 60_000;
  return { lastLogin: new Date(at).toISOString() };
}

/** The user of somebody who has an account on the Cloud site as well: nothing but the e-mail says that they are one person. */
export function makeSharedUser(
  random: Random,
  { displayName, email }: WorldAccount & { readonly email: string },
  status: DataCenterUser["status"],
): DataCenterUser {
  return {
    userKey: makeUserKey(random),
    username: email.slice(0, email.indexOf("@")),
    displayName,
    email,
    status,
    ...makeLastLogin(random, status),
  };
}

/** Somebody whom only the Data Center site knows. `number` makes user name and address one of a kind. */
export function makeDataCenterUser(random: Random, status: DataCenterUser["status"], number: number): DataCenterUser {
  const givenName = random.pick(personNames.given);
  const familyName = random.pick(personNames.family);
  // Two parts and not three: no account of a Cloud half is named so.
  const email = makeEmail([givenName.slice(0, 1), `${familyName}${number}`], "northwind.example");
  return {
    userKey: makeUserKey(random),
    username: email.slice(0, email.indexOf("@")),
    displayName: `${givenName} ${familyName}`,
    email,
    status,
    ...makeLastLogin(random, status),
  };
}

/** An address from names: plain ASCII letters, dots between. */
function makeEmail(parts: readonly string[], domain: string): string {
  const local = parts
    .join(".")
    .replace(/[ıđøł]/gi, (letter) => ({ ı: "i", đ: "d", ø: "o", ł: "l" })[letter.toLowerCase()] ?? letter)
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^a-z0-9.-]/g, "");
  return `${local}@${domain}`;
}

type Names = readonly [string, ...string[]];

function words(text: string): Names {
  const [first = "", ...rest] = text.trim().split(/\s+/);
  return [first, ...rest];
}

/** First and last names to make up people from, of many countries. */
const personNames: { readonly given: Names; readonly family: Names } = {
  given: words(`
    Aaliyah Aiko Alejandra Amara Anders Anneke Anouk Ayşe Beatriz Björn Bogdan Camille Chidi Chloe Daan Daniela Darius Diego
    Ebba Efua Elif Emeka Esther Fatima Felix Fenna Giulia Goran Grace Hana Haruto Hassan Ida Ines Ingrid Ivan Jasmin Jiho
    Joaquin Kamala Kenji Kofi Lakshmi Layla Leila Linh Lucia Malik Marta Mateo Mei Miriam Mohammed Nadia Naveen Niamh Noa
    Olga Omar Oskar Priya Quynh Rafael Ravi Rosa Ruth Sanjay Santiago Sara Sione Sofia Soren Takumi Tariq Tomasz Tuấn Uma
    Valentina Viktor Wanjiru Wei Xavier Yara Yusuf Zainab Zoltan`),
  family: words(`
    Abdi Abe Adeyemi Ahmed Alvarez Andersen Banerjee Bauer Bianchi Boateng Castro Chen Cohen Costa Dang Diallo Dvořák Eze
    Fernandez Fischer Garcia Gupta Haddad Hansen Hoffmann Ibrahim Ito Ivanova Jansen Johansson Kamau Kaplan Khan Kim Kovač
    Kowalski Kumar Larsen Le Lindqvist Lopez Mahlangu Martinez Mbeki Mensah Meyer Moreau Murphy Nakamura Nguyen Novak Nowak
    Obi Okafor Oliveira Ortiz Osei Papadopoulos Park Patel Pereira Petrov Popescu Rahman Ramirez Reyes Rossi Sato Schmidt
    Silva Singh Smit Takahashi Tan Taufa Tran Turner Van-Dijk Vargas Virtanen Walker Weber Williams Wójcik Yıldız Zhang`),
};
