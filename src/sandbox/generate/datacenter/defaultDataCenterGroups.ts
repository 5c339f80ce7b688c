/** A group of the default world, who is in it, and which groups are in it. */
export interface DefaultDataCenterGroup {
  readonly name: string;
  /** `share` of everybody of the department, or of everybody; from 0 to 1. */
  readonly department?: string;
  readonly share?: number;
  /** User names of members besides. */
  readonly members?: readonly string[];
  /** Whether the share is taken of those without a licence, who are in no other group. */
  readonly isForUnlicensed?: boolean;
  readonly groups?: readonly string[];
}

/** Groups in groups in groups, five deep below `staff`. */
export const defaultDataCenterGroups: readonly DefaultDataCenterGroup[] = [
  { name: "confluence-users", share: 1 },
  { name: "confluence-administrators", members: ["admin"], groups: ["wiki-admins"] },
  { name: "wiki-admins", department: "IT", share: 0.15 },
  // Nobody is in it directly.
  { name: "staff", groups: ["engineering", "people", "finance", "legal", "marketing", "sales", "support", "it"] },
  { name: "engineering", department: "Engineering", share: 0.4, groups: ["platform", "payments", "mobile"] },
  { name: "platform", department: "Engineering", share: 0.2, groups: ["platform-oncall", "platform-storage"] },
  { name: "platform-oncall", department: "Engineering", share: 0.15, groups: ["platform-oncall-primary"] },
  { name: "platform-oncall-primary", department: "Engineering", share: 0.2 },
  { name: "platform-storage", department: "Engineering", share: 0.15 },
  { name: "payments", department: "Engineering", share: 0.25, groups: ["payments-oncall"] },
  { name: "payments-oncall", department: "Engineering", share: 0.15 },
  { name: "mobile", department: "Engineering", share: 0.25 },
  { name: "people", department: "People", share: 0.7, groups: ["recruiting"] },
  { name: "recruiting", department: "People", share: 0.4 },
  { name: "finance", department: "Finance", share: 0.8, groups: ["payroll"] },
  { name: "payroll", department: "Finance", share: 0.3 },
  { name: "legal", department: "Legal", share: 1 },
  { name: "marketing", department: "Marketing", share: 1, members: ["ines.weber@northwind.example"] },
  { name: "sales", department: "Sales", share: 0.6, groups: ["sales-emea"] },
  // No path can name it: the server refuses %2F.
  { name: "sales-emea", department: "Sales", share: 0.4 },
  { name: "support", department: "Support", share: 0.8, groups: ["support-tier-2"] },
  { name: "support-tier-2", department: "Support", share: 0.4 },
  { name: "it", department: "IT", share: 0.8, groups: ["it-service-desk"] },
  { name: "it-service-desk", department: "IT", share: 0.4 },
  // Each is in the other.
  { name: "docs-writers", department: "Marketing", share: 0.3, groups: ["docs-reviewers"] },
  { name: "docs-reviewers", department: "Support", share: 0.3, groups: ["docs-writers"] },
  // A user has the same name.
  { name: "webmaster", department: "IT", share: 0.2 },
  { name: "contractors", share: 1, isForUnlicensed: true },
  { name: "project-kingfisher" },
];
