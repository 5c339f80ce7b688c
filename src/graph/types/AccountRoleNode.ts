import { Field, ID, ObjectType } from "type-graphql";
import { type Account, type AccountRole, rolesUntold } from "../../domain/Account.js";
import { SiteError } from "../../domain/SiteError.js";
import type { Readable } from "../Readable.js";

@ObjectType("AccountRole", {
  simpleResolvers: true,
  description:
    "A role that the Atlassian organization gives an account: on a site, or on the organization as a whole. It says who may use or administer a product, never what somebody may do in a space.",
})
export class AccountRoleNode {
  @Field(() => String, {
    description:
      "The role, in the organization's words. Example: `atlassian/user`, `atlassian/guest`, `atlassian/admin`, `atlassian/org-admin`.",
  })
  readonly name: string;

  @Field(() => ID, {
    nullable: true,
    description:
      "What it is on. Example: `ari:cloud:confluence::site/{cloudId}`. Null where the organization names nothing: then it counts on every site.",
  })
  readonly resource: string | null;

  @Field(() => Boolean, {
    description:
      "Whether it counts on this site: true for roles on the site and on the organization as a whole, false for those on other sites, which decide nothing here.",
  })
  readonly isOnThisSite: boolean;

  constructor({ name, resource, isOnThisSite }: AccountRole) {
    this.name = name;
    this.resource = resource;
    this.isOnThisSite = isOnThisSite;
  }
}

/** Null where the organization says nothing of roles; a list of which a part is missing would read as all of them. */
export function rolesOf({ accountId, roles }: Account): Readable<readonly AccountRoleNode[]> {
  if (roles === null || (roles.items.length === 0 && !roles.isWhole)) return null;
  if (roles.isWhole) return roles.items.map((role) => new AccountRoleNode(role));
  const { kind, reason, call } = rolesUntold(accountId);
  return new SiteError(kind, reason, { call });
}
