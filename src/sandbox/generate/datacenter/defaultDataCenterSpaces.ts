import type { DataCenterSpace } from "../../world/World.js";
import type { dataCenterProfiles } from "./permissionProfiles.js";

/** A space of the default world: who holds what in it. */
export interface DefaultDataCenterSpace {
  readonly key: string;
  readonly name: string;
  readonly status?: DataCenterSpace["status"];
  /** `group:NAME` (it may be gone), `user:NAME`, `some:STATUS` (one user of it), `gone:user`, `anonymous`, `unlicensed`. */
  readonly grants: Readonly<Record<string, keyof typeof dataCenterProfiles>>;
}

const usersRead = { "group:confluence-users": "viewing" } as const;

/** Spaces with telling names; together they hold every kind of subject, grant and state. */
export const defaultDataCenterSpaces: readonly DefaultDataCenterSpace[] = [
  {
    key: "ds",
    name: "Demonstration Space",
    grants: { "group:confluence-users": "editing", "group:confluence-administrators": "administering" },
  },
  { key: "ENG", name: "Engineering", grants: { "group:engineering": "editing", "group:wiki-admins": "administering" } },
  { key: "PLAT", name: "Platform", grants: { "group:platform": "administering", "group:engineering": "commenting" } },
  {
    key: "ONCALL",
    name: "On call",
    grants: {
      "group:platform-oncall-primary": "administering",
      "group:platform-oncall": "maintaining",
      "group:payments-oncall": "editing",
    },
  },
  { key: "STORE", name: "Storage", grants: { "group:platform-storage": "administering", ...usersRead } },
  {
    key: "PAY",
    name: "Payments",
    grants: { "group:payments": "administering", "group:finance": "viewing", "some:current": "editing" },
  },
  { key: "MOBILE", name: "Mobile apps", grants: { "group:mobile": "administering", "group:engineering": "viewing" } },
  { key: "HR", name: "People", grants: { "group:people": "administering", "some:unlicensed": "viewing" } },
  { key: "JOBS", name: "Recruiting", grants: { "group:recruiting": "administering", "group:people": "viewing" } },
  { key: "FIN", name: "Finance", grants: { "group:finance": "administering", "some:deactivated": "editing" } },
  { key: "PAYROLL", name: "Payroll", grants: { "group:payroll": "administering" } },
  // Its only administrator was deactivated.
  {
    key: "LEGACY",
    name: "Legacy contracts",
    grants: { "some:deactivated": "administering", "group:legal": "viewing" },
  },
  { key: "LEGAL", name: "Legal", grants: { "group:legal": "administering", "group:staff": "viewing" } },
  { key: "MKT", name: "Marketing", grants: { "group:marketing": "administering", "group:staff": "commenting" } },
  {
    key: "SALES",
    name: "Sales",
    grants: { "group:sales": "administering", "group:sales-emea": "maintaining", "gone:user": "editing" },
  },
  // What deletions left behind: a user and a group that nobody finds any more.
  {
    key: "EXPO",
    name: "Trade fairs",
    grants: { "group:marketing": "administering", "group:events-2019": "editing", "gone:user": "viewing" },
  },
  { key: "SUP", name: "Support", grants: { "group:support": "editing", "group:support-tier-2": "administering" } },
  {
    key: "IT",
    name: "IT services",
    grants: { "group:it": "administering", "group:it-service-desk": "maintaining", unlicensed: "commenting" },
  },
  {
    key: "DOCS",
    name: "Product documentation",
    grants: { "group:docs-writers": "administering", "group:docs-reviewers": "commenting", anonymous: "viewing" },
  },
  {
    key: "WEB",
    name: "Web site",
    grants: { "user:webmaster": "administering", "group:webmaster": "editing", ...usersRead },
  },
  {
    key: "EXPORT",
    name: "Exports for audits",
    grants: { "user:admin": "administering", "group:finance": "undocumented", "group:contractors": "undocumented" },
  },
  { key: "KING", name: "Project Kingfisher", grants: { "group:project-kingfisher": "administering" } },
  {
    key: "OLD",
    name: "Old intranet",
    status: "archived",
    grants: { "group:confluence-administrators": "administering", ...usersRead, anonymous: "viewing" },
  },
  {
    key: "ACQ",
    name: "Acquisition 2022",
    status: "archived",
    grants: { "group:legal": "administering", "some:externally_deleted": "viewing" },
  },
];
