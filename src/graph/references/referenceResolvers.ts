import type { GraphQLResolveInfo } from "graphql";
import type { AccountId, GroupId, SiteId, SpaceId, SpaceKey } from "../../domain/ids.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { space, spaceByKey } from "../../loaders/spaces.js";
import { readGrant } from "../../readings/grants.js";
import { checkEmail } from "../filters/checkEmail.js";
import type { GraphContext } from "../GraphContext.js";
import type { GlobalId, GlobalIdType } from "../ids/GlobalId.js";
import { readGlobalId } from "../ids/readGlobalId.js";
import { accountNode } from "../nodes/accountNodes.js";
import { groupNodeWithFacts } from "../nodes/groupNode.js";
import { GrantNode } from "../types/GrantNode.js";
import { IdentityNode } from "../types/IdentityNode.js";
import { SiteNode } from "../types/SiteNode.js";
import { SpaceNode } from "../types/SpaceNode.js";
import { keyField, keysMissing, type Reference } from "./readReference.js";

type ReferenceResolver = (
  reference: Reference,
  context: GraphContext,
  info: GraphQLResolveInfo,
) => Promise<object | null>;

/**
 * How a gateway's references become entities, by type. What names a site that is not configured here is null.
 *
 * An account or a group of a configured site is never null: another subgraph knows of it, and a null would take that
 * subgraph's answer along. Whom nobody knows, a leaver, is a stub that says so; whoever could not be looked up is one whose
 * fields fail.
 */
export const referenceResolvers: Readonly<Record<string, ReferenceResolver>> = {
  Site: async (reference, context) => {
    const siteId = siteOf(reference, "Site") ?? keyField(reference, "siteId");
    if (siteId === undefined) throw keysMissing("Site", "id, siteId");
    const loaders = context.sites.get(siteId as SiteId);
    return loaders === undefined ? null : new SiteNode(loaders);
  },

  // A person is never "unknown" here: having no account anywhere is an answer, and it stands in `accounts`.
  Identity: async (reference) => {
    const email = keyField(reference, "email") ?? null;
    const atlassianAccountId = keyField(reference, "atlassianAccountId") ?? null;
    if (email === null && atlassianAccountId === null) throw keysMissing("Identity", "email, atlassianAccountId");
    // Answered as it was asked: a gateway joins by the key that it sent.
    if (email !== null) checkEmail(email, "email");
    return new IdentityNode({ email, atlassianAccountId });
  },

  Account: async (reference, context, info) => {
    const id = globalId(reference, "Account");
    const accountId = id?.accountId ?? (keyField(reference, "accountId") as AccountId | undefined);
    const loaders = site(reference, context, id);
    if (accountId === undefined || loaders === undefined) throw keysMissing("Account", "id, siteId accountId");
    return loaders === null ? null : accountNode(loaders, accountId, info);
  },

  Group: async (reference, context) => {
    const id = globalId(reference, "Group");
    const groupId = id?.groupId ?? (keyField(reference, "groupId") as GroupId | undefined);
    const loaders = site(reference, context, id);
    if (groupId === undefined || loaders === undefined) throw keysMissing("Group", "id, siteId groupId");
    return loaders === null ? null : groupNodeWithFacts(loaders, loaders.store.site.names.groupId(groupId));
  },

  Space: async (reference, context) => {
    const id = globalId(reference, "Space");
    const spaceId = id?.spaceId ?? (keyField(reference, "spaceId") as SpaceId | undefined);
    const key = keyField(reference, "key") as SpaceKey | undefined;
    const loaders = site(reference, context, id);
    if (loaders === undefined) throw keysMissing("Space", "id, siteId spaceId, siteId key");
    if (spaceId !== undefined) {
      const facts = await loaders?.of(space).get(spaceId);
      return loaders === null || !facts ? null : new SpaceNode(loaders, spaceId, facts);
    }
    if (key === undefined) throw keysMissing("Space", "id, siteId spaceId, siteId key");
    const facts = await loaders?.of(spaceByKey).get(key);
    return loaders === null || !facts ? null : new SpaceNode(loaders, facts.spaceId, facts);
  },

  Grant: async (reference, context) => {
    const id = globalId(reference, "Grant");
    if (id === undefined) throw keysMissing("Grant", "id");
    const loaders = context.sites.get(id.siteId);
    const grant = loaders === undefined ? null : await readGrant(loaders, id);
    return loaders === undefined || grant === null ? null : new GrantNode(loaders, grant);
  },
};

function globalId<T extends GlobalIdType>(reference: Reference, type: T): Extract<GlobalId, { type: T }> | undefined {
  const text = keyField(reference, "id");
  return text === undefined ? undefined : readGlobalId(text, "representations", [type]);
}

function siteOf(reference: Reference, type: "Site"): SiteId | undefined {
  return globalId(reference, type)?.siteId;
}

/** The loaders of the site that a reference names: `null` when it is not configured, `undefined` when none is named. */
function site(
  reference: Reference,
  context: GraphContext,
  id: { readonly siteId: SiteId } | undefined,
): SiteLoaders | null | undefined {
  const siteId = id?.siteId ?? (keyField(reference, "siteId") as SiteId | undefined);
  return siteId === undefined ? undefined : (context.sites.get(siteId) ?? null);
}
