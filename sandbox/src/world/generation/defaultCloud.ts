import type { WorldGroup, WorldSpace } from "../World.js";

/** A group of the default world, and who is in it. */
export interface DefaultGroup {
  readonly name: string;
  readonly traits?: Pick<WorldGroup, "managedBy" | "accessType" | "usageType">;
  /** Everybody of the department, of the kind, or of both; `share` of them. */
  readonly department?: string;
  readonly kind?: "licensed" | "guest" | "app";
  /** From 0 to 1. */
  readonly share: number;
}

const external = { managedBy: "EXTERNAL" } as const;
const team = { managedBy: "TEAM_MEMBERS", usageType: "TEAM_COLLABORATION" } as const;
const open = { managedBy: "OPEN" } as const;

/** About forty groups whose names say what they are for. */
export const defaultGroups: readonly DefaultGroup[] = [
  { name: "confluence-users", traits: { managedBy: "ADMINS", accessType: "user" }, kind: "licensed", share: 1 },
  { name: "confluence-admins", traits: { managedBy: "ADMINS", accessType: "admin" }, department: "IT", share: 0.1 },
  { name: "site-admins", traits: { managedBy: "ADMINS", accessType: "site-admin" }, department: "IT", share: 0.05 },
  { name: "confluence-guests", kind: "guest", share: 1 },
  { name: "engineering", traits: external, department: "Engineering", share: 1 },
  { name: "engineering-managers", traits: external, department: "Engineering", share: 0.12 },
  { name: "platform-team", traits: team, department: "Engineering", share: 0.3 },
  { name: "payments-team", traits: team, department: "Engineering", share: 0.25 },
  { name: "mobile-team", traits: team, department: "Engineering", share: 0.25 },
  { name: "search-team", traits: team, department: "Engineering", share: 0.2 },
  { name: "site-reliability", department: "Engineering", share: 0.15 },
  { name: "security-engineering", traits: external, department: "Engineering", share: 0.1 },
  { name: "incident-commanders", department: "Engineering", share: 0.08 },
  { name: "architecture-board", department: "Engineering", share: 0.12 },
  { name: "people", traits: external, department: "People", share: 1 },
  { name: "hr-confidential", traits: external, department: "People", share: 0.4 },
  { name: "recruiting", department: "People", share: 0.5 },
  { name: "compensation-review", department: "People", share: 0.15 },
  { name: "finance", traits: external, department: "Finance", share: 1 },
  { name: "payroll", traits: external, department: "Finance", share: 0.25 },
  { name: "procurement", department: "Finance", share: 0.3 },
  { name: "board-reporting", department: "Finance", share: 0.1 },
  { name: "legal", traits: external, department: "Legal", share: 1 },
  { name: "legal-privileged", department: "Legal", share: 0.5 },
  { name: "privacy-office", department: "Legal", share: 0.3 },
  { name: "marketing", traits: external, department: "Marketing", share: 1 },
  { name: "brand-and-design", traits: team, department: "Marketing", share: 0.4 },
  { name: "web-content-editors", department: "Marketing", share: 0.3 },
  { name: "sales", traits: external, department: "Sales", share: 1 },
  { name: "sales-emea", department: "Sales", share: 0.4 },
  { name: "sales-apac", department: "Sales", share: 0.3 },
  { name: "partner-managers", department: "Sales", share: 0.2 },
  { name: "support", traits: external, department: "Support", share: 1 },
  { name: "support-tier-2", department: "Support", share: 0.3 },
  { name: "customer-success", department: "Support", share: 0.3 },
  { name: "it-operations", traits: external, department: "IT", share: 1 },
  { name: "it-service-desk", department: "IT", share: 0.5 },
  { name: "contractors", kind: "licensed", share: 0.06 },
  { name: "auditors-2026", kind: "licensed", share: 0.02 },
  { name: "works-council", traits: open, kind: "licensed", share: 0.03 },
  { name: "book-club", traits: open, kind: "licensed", share: 0.1 },
  { name: "automation", kind: "app", share: 1 },
  { name: "project-nightingale", traits: team, share: 0 },
];

type Profile = "viewing" | "commenting" | "editing" | "administering" | "undocumented";

/** A space of the default world: who holds what in it. */
export interface DefaultSpace {
  readonly key: string;
  readonly name: string;
  readonly type?: string;
  readonly status?: WorldSpace["status"];
  /** `group:NAME`, `class:ID`, `some:KIND` (one account of the kind), `gone:user`, `gone:group`; then what it holds. */
  readonly grants: Readonly<Record<string, Profile>>;
  /** The same principals with the name of a role. */
  readonly roles?: Readonly<Record<string, string>>;
}

const everybodyReads = { "class:all-licensed-users": "viewing" } as const;

/** Spaces with telling names; together they hold every kind of principal, grant and state. */
export const defaultSpaces: readonly DefaultSpace[] = [
  {
    key: "ENG",
    name: "Engineering",
    grants: { "group:engineering": "editing", "group:engineering-managers": "administering", ...everybodyReads },
    roles: { "group:site-reliability": "Collaborator" },
  },
  {
    key: "PLAT",
    name: "Platform",
    type: "collaboration",
    grants: { "group:platform-team": "administering", "group:engineering": "commenting", "some:app": "editing" },
    roles: { "group:architecture-board": "Admin" },
  },
  {
    key: "PAY",
    name: "Payments",
    grants: { "group:payments-team": "administering", "group:finance": "viewing", "some:suspended": "editing" },
  },
  {
    key: "MOB",
    name: "Mobile apps",
    grants: { "group:mobile-team": "administering", "group:engineering": "viewing" },
    roles: { "some:guest": "Viewer" },
  },
  {
    key: "SEARCH",
    name: "Search and relevance",
    grants: { "group:search-team": "administering", "group:engineering": "viewing", "gone:user": "editing" },
  },
  {
    key: "SRE",
    name: "Runbooks",
    type: "knowledge_base",
    grants: {
      "group:site-reliability": "administering",
      "group:incident-commanders": "editing",
      "group:engineering": "viewing",
    },
  },
  {
    key: "SEC",
    name: "Security engineering",
    grants: { "group:security-engineering": "administering" },
    roles: { "group:auditors-2026": "Auditor" },
  },
  {
    key: "ARCH",
    name: "Architecture decisions",
    grants: { "group:architecture-board": "administering", "group:engineering": "commenting", ...everybodyReads },
  },
  {
    key: "INC",
    name: "Incident reviews",
    grants: { "group:incident-commanders": "administering", "group:engineering": "commenting" },
  },
  {
    key: "HR",
    name: "HR confidential",
    grants: { "group:hr-confidential": "administering", "some:closed": "viewing" },
    roles: { "group:compensation-review": "Reviewer" },
  },
  {
    key: "HANDBOOK",
    name: "Employee handbook",
    grants: {
      "group:people": "administering",
      "class:all-licensed-users": "commenting",
      "class:authenticated-users": "viewing",
    },
  },
  { key: "JOBS", name: "Recruiting", grants: { "group:recruiting": "administering", "some:inactive": "editing" } },
  {
    key: "COMP",
    name: "Compensation review",
    grants: { "group:compensation-review": "administering" },
    roles: { "some:licensed": "Viewer" },
  },
  { key: "FIN", name: "Finance", grants: { "group:finance": "editing", "group:board-reporting": "administering" } },
  { key: "PAYROLL", name: "Payroll", grants: { "group:payroll": "administering", "gone:group": "viewing" } },
  {
    key: "BUY",
    name: "Procurement",
    grants: { "group:procurement": "administering", ...everybodyReads },
    roles: { "group:contractors": "Contractor" },
  },
  {
    key: "BOARD",
    name: "Board papers",
    grants: { "group:board-reporting": "administering", "some:licensed": "viewing" },
  },
  { key: "LEGAL", name: "Legal", grants: { "group:legal": "administering", ...everybodyReads } },
  { key: "PRIV", name: "Privileged matters", grants: { "group:legal-privileged": "administering" } },
  {
    key: "GDPR",
    name: "Privacy office",
    grants: {
      "group:privacy-office": "administering",
      "group:legal": "commenting",
      "class:all-product-admins": "viewing",
    },
  },
  {
    key: "MKT",
    name: "Marketing",
    grants: { "group:marketing": "editing", "group:brand-and-design": "administering", ...everybodyReads },
  },
  {
    key: "BRAND",
    name: "Brand guidelines",
    grants: { "group:brand-and-design": "administering", "class:anonymous-users": "viewing" },
  },
  {
    key: "DOCS",
    name: "Product documentation",
    type: "knowledge_base",
    grants: { "group:web-content-editors": "administering", "class:anonymous-users": "viewing" },
    roles: { "class:anonymous-users": "Viewer" },
  },
  {
    key: "STATUS",
    name: "Public status",
    grants: { "group:site-reliability": "administering", "class:anonymous-users": "commenting" },
  },
  { key: "SALES", name: "Sales", grants: { "group:sales": "editing", "group:partner-managers": "administering" } },
  { key: "EMEA", name: "Sales EMEA", grants: { "group:sales-emea": "administering", "some:deactivated": "editing" } },
  { key: "APAC", name: "Sales APAC", grants: { "group:sales-apac": "administering" } },
  {
    key: "PARTNER",
    name: "Partner portal",
    type: "collaboration",
    grants: {
      "group:partner-managers": "administering",
      "group:confluence-guests": "commenting",
      "class:partner-portal-users": "viewing",
    },
    roles: { "some:guest": "Collaborator" },
  },
  {
    key: "SUP",
    name: "Support",
    type: "knowledge_base",
    grants: {
      "group:support": "editing",
      "group:support-tier-2": "administering",
      "class:jsm-project-admins": "viewing",
    },
  },
  {
    key: "CS",
    name: "Customer success",
    grants: { "group:customer-success": "administering", "some:customer": "viewing" },
  },
  {
    key: "IT",
    name: "IT operations",
    grants: { "group:it-operations": "administering", ...everybodyReads },
    roles: { "group:it-service-desk": "Manager" },
  },
  {
    key: "DESK",
    name: "Service desk",
    grants: { "group:it-service-desk": "administering", "group:it-operations": "undocumented", ...everybodyReads },
  },
  {
    key: "BOTS",
    name: "Automation",
    grants: { "group:automation": "editing", "group:it-operations": "administering" },
  },
  {
    key: "AUDIT26",
    name: "Audit 2026",
    grants: { "group:auditors-2026": "undocumented", "group:board-reporting": "administering" },
    roles: { "group:auditors-2026": "Auditor" },
  },
  { key: "WC", name: "Works council", grants: { "group:works-council": "administering" } },
  {
    key: "BOOKS",
    name: "Book club",
    grants: { "group:book-club": "administering", "class:authenticated-users": "commenting" },
  },
  {
    key: "NIGHT",
    name: "Project Nightingale",
    grants: { "group:project-nightingale": "administering", "gone:user": "viewing" },
  },
  {
    key: "OLDWIKI",
    name: "Old intranet",
    status: "archived",
    grants: { "group:it-operations": "administering", ...everybodyReads },
  },
  {
    key: "MERGER",
    name: "Merger 2023",
    status: "archived",
    grants: { "group:legal-privileged": "administering", "gone:group": "editing" },
  },
  { key: "HACK24", name: "Hackathon 2024", status: "trashed", grants: { "group:engineering": "administering" } },
  {
    key: "TEST",
    name: "Test space",
    status: "trashed",
    grants: { "some:licensed": "administering", "class:anonymous-users": "editing" },
  },
];
