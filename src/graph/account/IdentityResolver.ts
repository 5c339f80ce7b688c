import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from "type-graphql";
import type { Complete } from "../../domain/Complete.js";
import type { AccountId } from "../../domain/ids.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { readAccountOfAtlassianId, readAccountsOfEmail } from "../../readings/accountDirectory.js";
import { readLookup } from "../errors/errorCodes.js";
import { AccountConnection } from "../paging/connections.js";
import { loadPage, orderInSite, type PageAnswer, PageArgs, readAcrossSites } from "../paging/loadPage.js";
import { type GraphContext, sitesCovered, sitesWithheld } from "../schema/GraphContext.js";
import { type AccountNode, accountNodes, IdentityNode } from "./AccountNode.js";
import { checkEmail } from "./accountLists.js";
import { readAtlassianAccountIdOf, readEmailOf } from "./identityKeys.js";

@Resolver(() => IdentityNode)
export class IdentityResolver {
  @Query(() => IdentityNode, {
    nullable: true,
    description: "A person by `email` or by `atlassianAccountId`, as the way to their accounts on every site.",
  })
  identity(
    @Arg("email", () => String, {
      nullable: true,
      description: "An e-mail address, in any case; one without an @ is refused.",
    })
    email: string | null | undefined,
    @Arg("atlassianAccountId", () => ID, { nullable: true, description: "Example: `712020:6b1c…`." })
    atlassianAccountId: string | null | undefined,
  ): IdentityNode {
    readLookup({ email, atlassianAccountId });
    return new IdentityNode({
      email: email == null ? null : checkEmail(email, "email"),
      atlassianAccountId: atlassianAccountId ?? null,
    });
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      "The e-mail address that the person was named by. For a person named by `atlassianAccountId`, the address that the account has on the Cloud sites: null where none of them tells it, and where they tell different ones.",
  })
  email(@Root() root: IdentityNode, @Ctx() context: GraphContext): string | null | Promise<string | null> {
    if (root.email !== null || root.atlassianAccountId === null) return root.email;
    return readEmailOf(context, root.atlassianAccountId as AccountId);
  }

  @FieldResolver(() => ID, {
    nullable: true,
    description:
      "The Atlassian account id that the person was named by. For a person named by `email`, that of the one account with this address on the Cloud sites: null where there is none, or several; an error where accounts hide their addresses or could not be read, for then nobody knows. It costs what `accounts` costs.",
  })
  atlassianAccountId(@Root() root: IdentityNode, @Ctx() context: GraphContext): string | null | Promise<string | null> {
    if (root.atlassianAccountId !== null || root.email === null) return root.atlassianAccountId;
    return readAtlassianAccountIdOf(context, root.email.trim());
  }

  @FieldResolver(() => AccountConnection, {
    description:
      "The person's accounts, on every site. By e-mail the organization is asked where one is configured, and the site's own directory is compared: accounts whose address nobody tells are a declared gap, never \"no account\".",
  })
  accounts(
    @Root() root: IdentityNode,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): PageAnswer<AccountNode> {
    // Whose address it is says more of an account than that it is there.
    const scopes = root.email === null ? (["read"] as const) : (["read", "read:personal"] as const);
    return loadPage(context, {
      withheld: sitesWithheld(context, null, { what: "accounts of this person", scopes }),
      list: ["Identity.accounts", root.email, root.atlassianAccountId],
      page,
      missing: "accounts of this person",
      read: () =>
        readAcrossSites(sitesCovered(context, null, scopes), "accounts of this person", (site) => readOn(site, root)),
      orderKeyOf: (each) => orderInSite(each, each.item),
      nodesOf: (items) =>
        accountNodes(
          items.map(({ loaders, item }) => ({ loaders, id: item })),
          info,
        ),
    });
  }
}

function readOn(loaders: SiteLoaders, { email, atlassianAccountId }: IdentityNode): Promise<Complete<AccountId>> {
  if (atlassianAccountId !== null) return readAccountOfAtlassianId(loaders, atlassianAccountId as AccountId);
  return readAccountsOfEmail(loaders, email?.trim() ?? "");
}
