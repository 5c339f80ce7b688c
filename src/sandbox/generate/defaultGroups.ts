import type { WorldGroup } from "../world/World.js";

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
