import { GraphQLError } from "graphql";
import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { othersTurn } from "../../../callers/Turns.js";
import { outcomesOf } from "../../../domain/SiteError.js";
import { account } from "../../../loaders/accounts.js";
import { group } from "../../../loaders/groups.js";
import { space } from "../../../loaders/spaces.js";
import { readGrant, readRole } from "../../../readings/grants.js";
import { AccountNode } from "../../account/AccountNode.js";
import { changeNodeOf } from "../../audit/ChangeResolver.js";
import { AccessClassNode, GrantNode } from "../../grant/GrantNode.js";
import { GroupNode } from "../../group/GroupNode.js";
import { SiteNode } from "../../site/SiteNode.js";
import { SpaceNode, SpaceRoleNode } from "../../space/SpaceNode.js";
import { withOneRefusal } from "../authorization/forbidden.js";
import { decodeGlobalId, type GlobalId, type GlobalIdType, readGlobalId } from "../GlobalId.js";
import { type GraphContext, siteNamed } from "../GraphContext.js";
import { Node } from "./Node.js";

const everyType: readonly GlobalIdType[] = [
  ...(["Site", "Account", "Group", "AccessClass", "Space", "SpaceRole", "Change", "Grant"] as const),
];

/** The fields of Query that can be switched off: in a supergraph, one subgraph at most answers them. */
export const nodeFields: readonly string[] = ["node", "nodes"];

/** Ids that are begun in one turn of the event loop: as many as full calls take. */
const idsAtOnce = 1_000;

@Resolver()
export class NodeResolver {
  @Query(() => Node, {
    nullable: true,
    description:
      "Anything by its `id`, read as the look-up of its type reads it: `account`, `group`, `space`, `grant`, `site`, `change`, and a role from the role definitions of its site. Null when it is not there, or hidden from the credential; an error for an id that this graph never gave out, and for one of a site that is not configured.",
  })
  node(
    @Arg("id", () => ID, { description: "The `id` of anything." }) id: string,
    @Ctx() context: GraphContext,
  ): Promise<Node | null> {
    return nodeOf(context, readGlobalId(id, "id", everyType));
  }

  @Query(() => [Node], {
    nullable: "itemsAndList",
    description:
      "Many things by their ids, in the order of these: what is not there is null, and what cannot be answered is null and has its own error. Read together, 250 accounts a call.",
  })
  async nodes(
    @Arg("ids", () => [ID], { description: "The ids, of any types and sites." }) ids: string[],
    @Ctx() context: GraphContext,
  ): Promise<readonly (Node | Error | null)[]> {
    const { maxReferences: maxIds } = context.costBudget.limits;
    if (ids.length > maxIds) {
      throw new GraphQLError(
        `\`nodes\` takes at most ${maxIds} ids; ${ids.length} were sent. Send them in several requests.`,
        { extensions: { code: "BATCH_TOO_LARGE", maxIds } },
      );
    }
    const reading: ReturnType<typeof outcomesOf<string, Node | null>>[] = [];
    for (let start = 0; start < ids.length; start += idsAtOnce) {
      if (start > 0) await othersTurn();
      // Each of these is begun in the same turn, so that loaders read them together.
      const some = ids.slice(start, start + idsAtOnce);
      reading.push(outcomesOf(some, (id) => nodeOf(context, readNamed(context, id))));
    }
    return withOneRefusal((await Promise.all(reading)).flat());
  }
}

/** Of many ids each that is none counts before its error is made. */
function readNamed({ costBudget }: GraphContext, text: string): GlobalId {
  if (decodeGlobalId(text) === null) costBudget.takeRefused(1);
  return readGlobalId(text, "ids", everyType);
}

/** What an id names; `null` where that is not there. Rejects where it cannot be told, or may not be shown. */
async function nodeOf(context: GraphContext, id: GlobalId): Promise<Node | null> {
  const loaders = siteNamed(context, id.siteId, id.type === "Change" ? "audit" : "read");
  switch (id.type) {
    case "Site":
      return new SiteNode(loaders);
    case "Account": {
      const facts = await loaders.of(account).get(id.accountId);
      return facts === null ? null : new AccountNode(loaders, id.accountId, facts);
    }
    case "Group": {
      const facts = await loaders.of(group).get(loaders.store.site.names.groupId(id.groupId));
      return facts === null ? null : new GroupNode(loaders, facts.groupId, facts);
    }
    case "Space": {
      const facts = await loaders.of(space).get(id.spaceId);
      return facts === null ? null : new SpaceNode(loaders, id.spaceId, facts);
    }
    case "SpaceRole": {
      const definition = await readRole(loaders, id.roleId);
      return definition === null ? null : new SpaceRoleNode(loaders, id.roleId, definition);
    }
    case "Grant": {
      const grant = await readGrant(loaders, id);
      return grant === null ? null : new GrantNode(loaders, grant);
    }
    case "AccessClass": {
      // A class is what its id says: no row of the site describes it.
      const { classId, reportedType } = id;
      return new AccessClassNode(loaders, { kind: "accessClass", classId, reportedType });
    }
    case "Change":
      return changeNodeOf(context, id);
  }
}
