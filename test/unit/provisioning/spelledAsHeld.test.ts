import { expect, it } from "vitest";
import type { AccountId, GroupId } from "../../../src/domain/ids.js";
import type { Principal } from "../../../src/domain/Principal.js";
import { spelledAsHeld } from "../../../src/provisioning/spelledAsHeld.js";

const classOf = (classId: string, reportedType: string): Principal => ({ kind: "accessClass", classId, reportedType });
const asked = classOf("anonymous-users", "access-class");
const account: Principal = { kind: "account", accountId: "a" as AccountId };

it.each([
  ["as the rows spell it", [account, classOf("anonymous-users", "anonymous")], classOf("anonymous-users", "anonymous")],
  ["as it was named where that is how a row spells it", [classOf("anonymous-users", "anonymous"), asked], asked],
  ["as it was named where it holds nothing", [account, classOf("unlicensed", "unlicensed")], asked],
  ["never as a role of the same id", [classOf("anonymous-users", "role")], asked],
])("an access class is spelled %s", (_how, rows, expected) => {
  const grants = rows.map((principal) => ({ principal }));
  expect(spelledAsHeld(asked, grants, "datacenter")).toEqual(expected);
  expect(spelledAsHeld(account, grants, "datacenter")).toBe(account);
});

const group = (name: string): Principal => ({ kind: "group", groupId: name as GroupId });

it.each([
  ["as the rows spell it", [account, group("Docs")], "datacenter", "Docs"],
  ["as it was named where that is how a row spells it", [group("Docs"), group("docs")], "datacenter", "docs"],
  ["as it was named where it holds nothing", [group("web")], "datacenter", "docs"],
  ["as it was named where an id is no name", [group("Docs")], "cloud", "docs"],
] as const)("a group is spelled %s", (_how, rows, deployment, expected) => {
  const grants = rows.map((principal) => ({ principal }));
  expect(spelledAsHeld(group("docs"), grants, deployment)).toEqual(group(expected));
});
