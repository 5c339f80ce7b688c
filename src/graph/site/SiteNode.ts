import { GraphQLDateTime } from "graphql-scalars";
import { Directive, Field, Float, ID, Int, ObjectType } from "type-graphql";
import type { SiteId } from "../../domain/ids.js";
import { knownOperations, type Operation, type OperationSource as Source } from "../../domain/Operation.js";
import type { SiteCapability } from "../../domain/Site.js";
import type { LeftOut } from "../../domain/Space.js";
import { compareText } from "../../domain/textOrder.js";
import type { Sharing } from "../../fleet/FleetEngine.js";
import type { UpstreamState } from "../../http/admission/slots.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { Deployment, defineEnum, SiteCapabilityName } from "../schema/enums.js";
import { encodeGlobalId } from "../schema/GlobalId.js";
import { Node } from "../schema/nodes/Node.js";

@Directive('@key(fields: "id")')
@Directive('@key(fields: "siteId")')
@ObjectType("Site", {
  implements: Node,
  simpleResolvers: true,
  description: "One Confluence instance that this graph is configured for: a Cloud site or a Data Center cluster.",
})
export class SiteNode {
  readonly __typename = "Site";
  /** Kept out of the schema: what the resolvers of this site's fields read through. */
  readonly loaders: SiteLoaders;

  @Field(() => ID, { description: "Opaque global id." })
  readonly id: string;

  @Field(() => ID, { description: "The site's short name from the configuration. Example: `acme`." })
  readonly siteId: SiteId;

  @Field(() => String, {
    nullable: true,
    description:
      "What people call the site. Never null: nullable as the name of a Group and of a Space is, so that all three can be asked for at once.",
  })
  readonly name: string;

  @Field(() => String, { description: "The address people use. Example: `https://acme.atlassian.net`." })
  readonly url: string;

  @Field(() => Deployment, { description: "Where it runs." })
  readonly deployment: string;

  @Field(() => Boolean, {
    description:
      "Whether it is the made-up Confluence that is served where no site is configured: nobody real is in it.",
  })
  readonly isSandbox: boolean;

  @Field(() => Boolean, {
    description:
      "Whether changes of access may be made on this site, as configured (`PROVISIONING`). Where it is false every mutation answers `PROVISIONING_DISABLED`. What the caller may change is told by no field.",
  })
  readonly isProvisioningOn: boolean;

  constructor(loaders: SiteLoaders) {
    const { site } = loaders.store;
    this.loaders = loaders;
    this.id = encodeGlobalId({ type: "Site", siteId: site.siteId });
    this.siteId = site.siteId;
    this.name = site.name;
    this.url = site.url;
    this.isSandbox = site.isSandbox;
    this.isProvisioningOn = site.isProvisioningOn;
    this.deployment = site.deployment === "cloud" ? Deployment.CLOUD : Deployment.DATA_CENTER;
  }
}

@ObjectType("SiteCapability", {
  simpleResolvers: true,
  description: "Whether a site can do something, and if not, why.",
})
export class SiteCapabilityNode {
  @Field(() => SiteCapabilityName, { description: "What it is about." })
  readonly name: string;

  @Field(() => Boolean, {
    nullable: true,
    description: "True when the site can do it now; null when that is not known, and `reason` says why.",
  })
  readonly isAvailable: boolean | null;

  @Field(() => String, { nullable: true, description: "Why not, or why it is not known; null when it can." })
  readonly reason: string | null;

  constructor({ name, reason, isKnown = true }: SiteCapability) {
    this.name = name;
    this.isAvailable = isKnown ? reason === null : null;
    this.reason = reason;
  }
}

@ObjectType("LeftOut", {
  simpleResolvers: true,
  description: "What the configuration leaves out of every answer about a site. Access that stands there is not shown.",
})
export class LeftOutNode {
  @Field(() => [String], { description: "Spaces with these keys; a trailing `*` stands for any rest." })
  readonly spaceKeys: readonly string[];

  @Field(() => Boolean, { description: "True when personal spaces are left out." })
  readonly personalSpaces: boolean;

  @Field(() => [String], { description: "Granular permissions, as `operation/target`." })
  readonly permissions: readonly string[];

  constructor(leftOut: LeftOut) {
    this.spaceKeys = leftOut.spaceKeys;
    this.personalSpaces = leftOut.hasPersonalSpaces;
    this.permissions = leftOut.permissions;
  }
}

const OperationSource = defineEnum<Source | "CATALOGUE">("OperationSource", "From where an operation is known.", {
  CATALOGUE: "This graph knows it: from Atlassian's documents, or from answers of live sites.",
  ROLE: "A role definition of the site, that was read, gives it.",
  GRANT: "A grant of the site, that was read, gives it.",
});

@ObjectType("SiteOperation", {
  simpleResolvers: true,
  description:
    "An operation that is known of a site: what `GrantFilter.operations` and `GrantFilter.targets` take. The set is open.",
})
export class SiteOperationNode {
  @Field(() => String, { description: "What may be done. Example: `read`, `create`, `administer`." })
  readonly operation: string;

  @Field(() => String, { description: "On what. Example: `space`, `page`." })
  readonly target: string;

  @Field(() => String, {
    nullable: true,
    description: "What it lets people do; null for one that was only seen in answers of the site.",
  })
  readonly meaning: string | null;

  @Field(() => OperationSource, { description: "From where it is known." })
  readonly source: string;

  @Field(() => Boolean, { description: "Whether Atlassian's documents describe it." })
  readonly isDescribed: boolean;

  constructor(
    { key, target }: Operation,
    known: { readonly meaning: string | null; readonly source: string; readonly isDescribed: boolean },
  ) {
    this.operation = key;
    this.target = target;
    this.meaning = known.meaning;
    this.source = known.source;
    this.isDescribed = known.isDescribed;
  }
}

/** The operations known of a site, ordered: those of the catalogue, and what was seen so far in what was read. No call. */
export function siteOperations(loaders: SiteLoaders): SiteOperationNode[] {
  const nameOf = ({ key, target }: Operation) => `${key}/${target}`;
  const nodes = new Map<string, SiteOperationNode>();
  for (const { source, ...operation } of loaders.seenOperations()) {
    nodes.set(nameOf(operation), new SiteOperationNode(operation, { meaning: null, source, isDescribed: false }));
  }
  for (const known of knownOperations[loaders.site.deployment]) {
    nodes.set(nameOf(known), new SiteOperationNode(known, { ...known, source: OperationSource.CATALOGUE }));
  }
  return [...nodes].sort(([left], [right]) => compareText(left, right)).map(([, node]) => node);
}

const UpstreamSharingState = defineEnum(
  "UpstreamSharingState",
  "How a process stands to the others of its deployment.",
  {
    NOT_CONFIGURED: "It does all by itself: `CACHE_URL` is not set.",
    SHARED: "It shares with them, by the Valkey or Redis of `CACHE_URL`.",
    ALONE: "That is away, so it keeps to its part of what the site lets all of them ask, and looks for it.",
  },
);

@ObjectType("UpstreamSharing", {
  simpleResolvers: true,
  description: "Whether what a site lets us ask is shared by the processes of a deployment, and by how many.",
})
export class UpstreamSharingNode {
  @Field(() => UpstreamSharingState, { description: "How this process stands to the others." })
  readonly state: Sharing["state"];

  @Field(() => Int, {
    description:
      "Processes that share, this one among them; while it is alone, as many as it last heard of, or as are expected (`CACHE_EXPECTED_PROCESSES`) where it has heard of none. Example: `3`.",
  })
  readonly processes: number;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: "Since when it is so; null where sharing is not configured.",
  })
  readonly since: Date | null;

  constructor({ state, processes, sinceMs }: Sharing) {
    this.state = state;
    this.processes = processes;
    this.since = dateOrNull(sinceMs);
  }
}

@ObjectType("UpstreamBudget", {
  simpleResolvers: true,
  description: "How much a site lets us ask, as it last said, and how our calls to it stand now.",
})
export class UpstreamBudgetNode {
  @Field(() => Int, {
    nullable: true,
    description: "Calls allowed in the site's own period; null when it does not say.",
  })
  readonly limit: number | null;

  @Field(() => Float, { nullable: true, description: "Calls left in it; null when the site does not say." })
  readonly remaining: number | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: "When the period ends; null when the site does not say.",
  })
  readonly resetAt: Date | null;

  @Field(() => Boolean, { nullable: true, description: "True when the site says that the limit is near." })
  readonly isNearLimit: boolean | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: "Until when we make no calls because the site asked us to wait.",
  })
  readonly pausedUntil: Date | null;

  @Field(() => Int, { description: "Calls of this process to the site that are under way." })
  readonly callsInFlight: number;

  @Field(() => Int, { description: "Calls of this process that wait for their turn." })
  readonly callsWaiting: number;

  @Field(() => UpstreamSharingNode, {
    description: "Whether this process goes by one budget with the other processes of its deployment.",
  })
  readonly sharing: UpstreamSharingNode;

  constructor({ rateLimit, pausedUntilMs, inFlight, waiting }: UpstreamState, sharing: Sharing) {
    this.limit = rateLimit?.limit ?? null;
    this.remaining = rateLimit?.remaining ?? null;
    this.resetAt = dateOrNull(rateLimit?.resetAtMs);
    this.isNearLimit = rateLimit?.isNearLimit ?? null;
    this.pausedUntil = dateOrNull(pausedUntilMs);
    this.callsInFlight = inFlight;
    this.callsWaiting = waiting;
    this.sharing = new UpstreamSharingNode(sharing);
  }
}

function dateOrNull(atMs: number | null | undefined): Date | null {
  return atMs === null || atMs === undefined ? null : new Date(atMs);
}
