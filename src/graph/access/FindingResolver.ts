import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, FieldResolver, Info, Int, Resolver, Root } from "type-graphql";
import { type FindingKind as Kind, kindsInOrder } from "../../access/findings/Finding.js";
import { withFindings } from "../../access/findings/keptFindings.js";
import { mergeGaps } from "../../domain/Complete.js";
import type { Principal } from "../../domain/Principal.js";
import { Until } from "../../loaders/engine/Basis.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { takeLastActivity } from "../../readings/lastActivity.js";
import { slicing } from "../../readings/lists/slicing.js";
import { accountNode } from "../account/AccountNode.js";
import { AccessClassNode, PrincipalUnion } from "../grant/GrantNode.js";
import { groupNode } from "../group/GroupNode.js";
import { FindingConnection } from "../paging/connections.js";
import { failureOf, PageArgs, readPlace } from "../paging/loadPage.js";
import { withheld } from "../schema/authorization/forbidden.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { namingOf } from "../schema/naming/Naming.js";
import { SiteNode } from "../site/SiteNode.js";
import { SpaceNode, spaceNode } from "../space/SpaceNode.js";
import { awaitIndex, waitField } from "./effective/effectiveLists.js";
import { FindingKind, FindingNode, FindingRemedyNode, FindingsPage } from "./FindingNode.js";
import { unheardBy } from "./unheard.js";

const dormancy: Kind = "DORMANT_ADMINISTRATOR";
const noActivity = { unknowable: null, gaps: [] };
/** Only what is surely so is found. */
const nothingSure = { findings: [], totalCount: 0, hasNextPage: false, hasPreviousPage: false };

@Resolver(() => SiteNode)
export class SiteFindingsResolver {
  @FieldResolver(() => FindingConnection, {
    nullable: true,
    description:
      "What somebody should look at: ordered by severity, then kind, then space and principal. Found in the access index of the site, once after each change of it; the first question starts its crawl. Costs no call but what the index takes, and for dormant administrators on Data Center the list of active users (`GET /rest/api/admin/users/list/active`), on Cloud with an organization, for administrators of whom its search does not say it, a call each, behind all others and 30 a minute: until then they are a gap (`GET /v1/orgs/{orgId}/directory/users/{accountId}/last-active-dates`).",
  })
  async findings(
    @Root() { loaders }: SiteNode,
    @Arg("kinds", () => [FindingKind], { nullable: true, description: "Only these kinds; all, where left out." })
    kinds: Kind[] | null | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Arg("wait", () => Int, waitField) wait: number | null | undefined,
    @Ctx() context: GraphContext,
  ): Promise<FindingsPage> {
    const { siteId } = loaders.store.site;
    // Who is dormant is told by when they were last active.
    const isDormancyWithheld = (kinds?.includes(dormancy) ?? true) && !context.caller.may("read:personal", siteId);
    const asked = kindsInOrder.filter((kind) => kinds?.includes(kind) ?? true);
    const wanted = isDormancyWithheld ? asked.filter((kind) => kind !== dormancy) : asked;
    const notTold = isDormancyWithheld ? [withheld("findings of DORMANT_ADMINISTRATOR", "read:personal", siteId)] : [];
    const identity = ["Site.findings", loaders.store.site.siteId, wanted];
    const { first, afterKey } = readPlace(identity, page);
    const index = await awaitIndex(context, loaders, wait);
    const ofActivity = wanted.includes(dormancy) ? await takeLastActivity(loaders, index, slicing) : noActivity;
    const { unknowable } = ofActivity;
    const unknownKinds = unknowable === null ? [] : [dormancy];
    // Of what was asked for by its name an empty list would be an answer; of everything, the others are.
    const unanswered = unknowable !== null && kinds?.includes(dormancy) === true ? [unknowable] : [];
    const unheard = unheardBy(context);
    const nowMs = context.clock.now();
    return withFindings(index, nowMs, slicing, function* (list) {
      context.basis.restOn(new Until(list.holdsUntilMs));
      const { findings, ...place } = unheard.length > 0 ? nothingSure : yield* list.page(wanted, first, afterKey);
      const trust = list.trust(wanted);
      const gaps = mergeGaps(unanswered, unheard, trust.gaps, ofActivity.gaps, notTold);
      const asOfMs = Number.isFinite(trust.asOfMs) ? trust.asOfMs : nowMs;
      return new FindingsPage(unknownKinds, {
        ...place,
        list: identity,
        orderKeys: findings.map(({ key }) => key),
        nodes: findings.map((finding) => new FindingNode(loaders, finding, asOfMs)),
        count: place.totalCount,
        trust: { ...trust, gaps, asOfMs },
        failure: findings.length === 0 && place.totalCount === 0 ? failureOf({ gaps }, "findings") : null,
      });
    });
  }
}

@Resolver(() => FindingNode)
export class FindingFieldsResolver {
  @FieldResolver(() => [PrincipalUnion], {
    description: "Whom it is about: an Account, a Group or an AccessClass. Empty where it is about a space alone.",
  })
  principals(@Root() { loaders, finding }: FindingNode, @Info() info: GraphQLResolveInfo): object[] {
    return finding.principals.map((principal) => principalNode(loaders, principal, info));
  }

  @FieldResolver(() => SpaceNode, {
    nullable: true,
    description: "Where; null of a guest and of a dormant administrator, whose spaces are in `spaceCount`.",
  })
  space(
    @Root() { loaders, finding }: FindingNode,
    @Info() info: GraphQLResolveInfo,
  ): SpaceNode | null | Promise<SpaceNode> {
    return finding.spaceId === null ? null : spaceNode(loaders, finding.spaceId, info);
  }
}

@Resolver(() => FindingRemedyNode)
export class FindingRemedyResolver {
  @FieldResolver(() => String, {
    description:
      "Which mutation: `revokeGrants`, or `grantSpaceAccess`, which makes a person or a group of your choice an administrator.",
  })
  mutation(@Root() { ownMutation }: FindingRemedyNode, @Info() { schema }: GraphQLResolveInfo): string {
    return namingOf(schema).fieldName("Mutation", ownMutation);
  }
}

function principalNode(loaders: SiteLoaders, principal: Principal, info: GraphQLResolveInfo): object {
  switch (principal.kind) {
    case "account":
      return accountNode(loaders, principal.accountId, info);
    case "group":
      return groupNode(loaders, principal.groupId, info);
    case "accessClass":
      return new AccessClassNode(loaders, principal);
  }
}
