import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { cloudAccessRules, dataCenterAccessRules } from "../../src/access/SiteFacts.js";
import type { AccountKind, AccountStatus } from "../../src/domain/Account.js";
import type { SpaceGrant } from "../../src/domain/Grant.js";
import type { AccountId, GroupId, RoleId, SpaceId } from "../../src/domain/ids.js";
import type { Operation } from "../../src/domain/Operation.js";
import type { Principal } from "../../src/domain/Principal.js";
import type { SpaceStatus } from "../../src/domain/Space.js";
import type { SiteWorld, WorldAccount, WorldGroup, WorldKind, WorldSpace } from "./index/indexWorlds.js";
import { operation } from "./scene.js";

const folder = new URL("cases/", import.meta.url);

const texts = z.array(z.string()).default([]);
const answer = z.strictObject({
  is: z.string(),
  by: texts,
  inVain: texts,
  gaps: texts,
  assumes: texts,
  mayHide: texts,
});
const fileForm = z.strictObject({
  rule: z.string(),
  cases: z.array(
    z.strictObject({
      name: z.string(),
      site: z.enum(["Cloud", "Cloud PRE_ROLES", "Cloud ROLES_TRANSITION", "Cloud ROLES", "Data Center"]),
      superGroup: z.string().nullish(),
      accounts: z.record(z.string(), z.string()),
      groups: z.record(z.string(), z.union([z.array(z.string()), z.literal("gone")])).default({}),
      adminGroups: texts,
      siteWide: z.union([z.record(z.string(), z.string()), z.literal("untold")]).optional(),
      roles: z.record(z.string(), z.string()).default({}),
      spaces: z.record(z.string(), z.record(z.string(), z.string())),
      unread: texts,
      check: z.record(z.string(), z.union([z.string(), answer])),
      whoCan: z.record(z.string(), z.array(z.string())),
      whatCan: z.record(z.string(), z.array(z.string())),
      findings: z.array(z.string()).optional(),
    }),
  ),
});
type WrittenCase = z.infer<typeof fileForm>["cases"][number];

interface Question {
  readonly accountId: AccountId;
  readonly spaceId: SpaceId;
  readonly operation: Operation;
}

/** What is expected of one question; what the case does not tell of it is expected to be empty. */
export interface CheckExpected extends Question, Required<z.infer<typeof answer>> {
  readonly text: string;
}

/** Who can, or where: ids in order, with a question mark behind those of whom nobody knows. */
export interface ListExpected<Asked> {
  readonly text: string;
  readonly asked: Asked;
  readonly found: readonly string[];
}

export interface AccessCase {
  readonly name: string;
  readonly world: SiteWorld;
  /** The parts that were not read to the end; what stands in the case is what was read of them. */
  readonly unread: ReadonlySet<string>;
  readonly checks: readonly CheckExpected[];
  readonly whoCan: readonly ListExpected<Pick<Question, "spaceId" | "operation">>[];
  readonly whatCan: readonly ListExpected<Pick<Question, "accountId" | "operation">>[];
  /** Everything that is found, whom it is about and where; `null` where the case does not say. */
  readonly findings: readonly string[] | null;
}

export interface CaseFile {
  readonly rule: string;
  readonly cases: readonly AccessCase[];
}

/** All cases of `cases/`, by file; one that holds for every mode of a Cloud site once for each. The README's example is one. */
export function readCases(): CaseFile[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const text = readFileSync(new URL(name, folder), "utf8");
      const [, example = ""] = /^```yaml\n(.*?)^```$/ms.exec(text) ?? [];
      const { rule, cases } = fileForm.parse(parse(name === "README.md" ? example : text));
      return { rule: `${name}: ${rule}`, cases: cases.flatMap(casesOf) };
    });
}

function casesOf(written: WrittenCase): AccessCase[] {
  if (written.site === "Data Center") return [caseOf(written, written.name, "DATA_CENTER")];
  const kinds = ["PRE_ROLES", "ROLES_TRANSITION", "ROLES"] as const;
  if (written.site === "Cloud") return kinds.map((kind) => caseOf(written, `${written.name} (${kind})`, kind));
  return kinds.filter((kind) => written.site === `Cloud ${kind}`).map((kind) => caseOf(written, written.name, kind));
}

function caseOf(written: WrittenCase, name: string, kind: WorldKind): AccessCase {
  const isDataCenter = kind === "DATA_CENTER";
  const siteWide = written.siteWide ?? { "group:users": "use/application" };
  const superGroup = written.superGroup === undefined ? "confluence-administrators" : written.superGroup;
  const groups = Object.entries(written.groups).map(([id, members]) => groupOf(id, members));
  const world: SiteWorld = {
    kind,
    rules: isDataCenter ? { ...dataCenterAccessRules(), superGroupId: superGroup as GroupId | null } : cloudAccessRules,
    model: isDataCenter ? "PRE_ROLES" : kind,
    accounts: Object.entries(written.accounts).map(([id, words]) => accountOf(id, words, isDataCenter)),
    groups,
    adminGroups: written.adminGroups as GroupId[],
    globals:
      !isDataCenter || siteWide === "untold"
        ? null
        : grantsOf(siteWide).map(({ principal, what }) => ({ principal, operation: operation(what) })),
    roles: Object.entries(written.roles).map(([id, gives]) => ({
      roleId: id as RoleId,
      name: id,
      description: null,
      reportedType: "CUSTOM",
      permissions: listed(gives).map(operation),
    })),
    spaces: Object.entries(written.spaces).map(([title, grants], at) => spaceOf(title, grants, at)),
  };
  const checks = Object.entries(written.check).map(([text, expected]): CheckExpected => {
    const [accountId, what, spaceId] = wordsOf(text, 3);
    const told = typeof expected === "string" ? answer.parse({ is: expected }) : expected;
    return {
      text,
      accountId: accountId as AccountId,
      operation: operation(what),
      spaceId: spaceId as SpaceId,
      ...told,
    };
  });
  return {
    name,
    world,
    unread: new Set(written.unread),
    findings: written.findings ?? null,
    checks,
    whoCan: Object.entries(written.whoCan).map(([text, found]) => {
      const [what, spaceId] = wordsOf(text, 2);
      return { text, asked: { operation: operation(what), spaceId: spaceId as SpaceId }, found };
    }),
    whatCan: Object.entries(written.whatCan).map(([text, found]) => {
      const [accountId, what] = wordsOf(text, 2);
      return { text, asked: { operation: operation(what), accountId: accountId as AccountId }, found };
    }),
  };
}

const kindWords: Readonly<Record<string, AccountKind>> = {
  human: "HUMAN",
  guest: "GUEST",
  app: "APP",
  customer: "CUSTOMER",
  somebody: "UNKNOWN",
};
const statusWords: Readonly<Record<string, AccountStatus>> = {
  active: "ACTIVE",
  inactive: "INACTIVE",
  suspended: "SUSPENDED",
  deactivated: "DEACTIVATED",
  closed: "CLOSED",
  "of-unknown-status": "UNKNOWN",
};
const licenceWords: Readonly<Record<string, boolean | null>> = {
  licensed: true,
  unlicensed: false,
  "of-untold-licence": null,
};
const roleWords: Readonly<Record<string, boolean | null>> = { administrator: true, "of-untold-role": null };

/** `suspended guest`: an active, licensed human where nothing else is said; on Data Center the licence is a permission. */
function accountOf(id: string, text: string, isDataCenter: boolean): WorldAccount {
  let account: WorldAccount = {
    accountId: id as AccountId,
    kind: "HUMAN",
    status: "ACTIVE",
    isLicensed: isDataCenter ? null : true,
    hasAdminRole: false,
  };
  for (const word of text.split(/\s+/)) {
    const [kind, status, isLicensed, hasAdminRole] = [
      kindWords[word],
      statusWords[word],
      licenceWords[word],
      roleWords[word],
    ];
    if (kind !== undefined) account = { ...account, kind };
    else if (status !== undefined) account = { ...account, status };
    else if (isLicensed !== undefined) account = { ...account, isLicensed };
    else if (hasAdminRole !== undefined) account = { ...account, hasAdminRole };
    else throw new Error(`Account ${id}: no case knows the word "${word}".`);
  }
  return account;
}

function groupOf(id: string, members: readonly string[] | "gone"): WorldGroup {
  const isGone = members === "gone";
  const all = isGone ? [] : members;
  return {
    groupId: id as GroupId,
    isGone,
    members: all.filter((member) => !member.startsWith("group:")) as AccountId[],
    children: all.flatMap((member) => (member.startsWith("group:") ? [member.slice("group:".length) as GroupId] : [])),
  };
}

/** `ENG` or `OLD, trashed`. */
function spaceOf(title: string, written: Readonly<Record<string, string>>, at: number): WorldSpace {
  const [id = "", word = "current"] = title.split(/,\s*/);
  const status = { current: "CURRENT", archived: "ARCHIVED", trashed: "TRASHED", "of unknown status": "UNKNOWN" }[word];
  if (status === undefined) throw new Error(`Space ${title}: no case knows the status "${word}".`);
  const grants = grantsOf(written).map(
    ({ principal, what }, row): SpaceGrant =>
      what.startsWith("role ")
        ? { kind: "role", principal, roleId: what.slice("role ".length) as RoleId }
        : {
            kind: "permission",
            permissionId: String(1_000 * (at + 1) + row),
            principal,
            operation: operation(what),
          },
  );
  return { spaceId: id as SpaceId, status: status as SpaceStatus, grants };
}

function grantsOf(
  written: Readonly<Record<string, string>>,
): { readonly principal: Principal; readonly what: string }[] {
  return Object.entries(written).flatMap(([holder, gives]) =>
    listed(gives).map((what) => ({ principal: principalOf(holder), what })),
  );
}

/** `ann`, `group:staff`, `class:anonymous-users`; `role:…` is what some rows call a principal that is none of these. */
function principalOf(text: string): Principal {
  const [kind = "", id] = text.split(":");
  if (id === undefined) return { kind: "account", accountId: text as AccountId };
  if (kind === "group") return { kind: "group", groupId: id as GroupId };
  if (kind === "class") return { kind: "accessClass", classId: id, reportedType: "access-class" };
  if (kind === "role") return { kind: "accessClass", classId: id, reportedType: "role" };
  throw new Error(`No case knows the principal "${text}".`);
}

function listed(text: string): string[] {
  return text.split(/,\s*/).filter((each) => each !== "");
}

function wordsOf(text: string, count: number): [string, string, string] {
  const [first = "", second = "", third = "", ...rest] = text.split(/\s+/);
  const isRight = rest.length === 0 && (count === 3) === (third !== "") && second !== "";
  if (!isRight) throw new Error(`"${text}" has not ${count} words.`);
  return [first, second, third];
}
