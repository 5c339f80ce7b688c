import { GraphQLJSONObject } from "graphql-scalars";
import { Field, ID, Int, ObjectType } from "type-graphql";
import { administerSpace } from "../../access/findings/evaluateAdministrator.js";
import type {
  Finding,
  FoundGrant,
  FindingKind as Kind,
  FindingSeverity as Severity,
} from "../../access/findings/Finding.js";
import type { Assumption as AssumptionWord } from "../../domain/Complete.js";
import { type Grant, membershipKey, storedSpaceGrant } from "../../domain/Grant.js";
import type { SiteId } from "../../domain/ids.js";
import { readSpace } from "../../domain/Operation.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { GrantNode } from "../grant/GrantNode.js";
import { Page } from "../paging/Page.js";
import { Assumption, defineEnum } from "../schema/enums.js";
import { encodeGlobalId } from "../schema/GlobalId.js";

/** A grant behind a finding, as the graph has it. */
export function grantOf(siteId: SiteId, found: FoundGrant, asOfMs: number): Grant {
  if (found.kind === "membership") {
    const { accountId, groupId } = found;
    return { kind: "membership", siteId, asOfMs, accountId, groupId, key: membershipKey(groupId, accountId) };
  }
  const { spaceId, grant } = found;
  return storedSpaceGrant(siteId, spaceId, grant, asOfMs);
}

/** The id of a grant behind a finding. A finding may name hundreds: only what the id says is put together. */
export function idOfFound(siteId: SiteId, found: FoundGrant): string {
  if (found.kind === "membership") return encodeGlobalId({ type: "Grant", siteId, ...found });
  const { grant, spaceId } = found;
  return grant.kind === "permission"
    ? encodeGlobalId({ type: "Grant", siteId, kind: "permission", spaceId, permissionId: grant.permissionId })
    : encodeGlobalId({
        ...{ type: "Grant", siteId, kind: "role", spaceId },
        ...{ roleId: grant.roleId, principal: grant.principal },
      });
}

/** The input of the mutation that ends a finding, as plain data. */
export function remedyInput(
  siteId: SiteId,
  { remedy }: Pick<Finding, "remedy">,
  idOf = (found: FoundGrant): string => idOfFound(siteId, found),
): Readonly<Record<string, unknown>> {
  if (remedy.mutation === "revokeGrants") return { grants: remedy.grants.map(idOf) };
  const { spaceId, roleId } = remedy;
  const what =
    roleId === null
      ? { permissions: [readSpace, administerSpace].map(({ key, target }) => ({ operation: key, target })) }
      : { role: encodeGlobalId({ type: "SpaceRole", siteId, roleId }) };
  return { space: encodeGlobalId({ type: "Space", siteId, spaceId }), principal: null, ...what };
}

export const FindingSeverity = defineEnum<Severity>("FindingSeverity", "How grave a finding is.", {
  CRITICAL: "Strangers, or everybody, can change what is there or decide about it.",
  HIGH: "Somebody from outside, or nobody, decides; or strangers can read.",
  MEDIUM: "Access that somebody who left, or is from outside, still has.",
  LOW: "Grants that give nothing, or nothing more: clutter that hides what matters.",
});

export const FindingKind = defineEnum<Kind>(
  "FindingKind",
  "What is found. Writing is every operation but `read`, `export` and `export_content`. Spaces in the trash are left out; archived ones are not.",
  {
    ANONYMOUS_WRITE: "Anyone can write in a space without signing in.",
    BROAD_ADMINISTRATION:
      "All licensed users, all who have signed in, people without a licence or anonymous visitors administer a space.",
    ANONYMOUS_ACCESS: "Anyone can read a space without signing in.",
    GUEST_CAN_ADMINISTER: "A guest administers spaces.",
    NO_ACTIVE_ADMINISTRATOR:
      "No active person administers a space. Apps do not count, nor does who can do everything only as a super user (Data Center).",
    DORMANT_ADMINISTRATOR:
      "An administrator of spaces whose account was not used for over 90 days. Known on Data Center 10.2 and later, and on Cloud with an organization; elsewhere it is among `unknownKinds`.",
    GRANT_TO_INACTIVE_ACCOUNT:
      "An account that is suspended, deactivated, switched off or closed still holds access to a space.",
    GUEST_CAN_WRITE: "A guest can write in spaces.",
    PERSONAL_SPACE_OF_LEAVER: "The personal space of an account that is not active any more still grants access.",
    GRANT_TO_EMPTY_GROUP:
      "A group without members holds access to a space. One that holds a suspended person is not empty.",
    GRANT_TO_VANISHED_GROUP: "A group that cannot be found any more holds access to a space.",
    INEFFECTIVE_GRANT:
      "What is held in a space gives nothing to anybody: without reading, without a licence, or where anonymous may not use the site.",
    REDUNDANT_DIRECT_GRANT:
      "An account holds directly what a group of its gives it anyway: taking it away changes nothing.",
  },
);

@ObjectType("FindingRemedy", {
  simpleResolvers: true,
  description: "The change that ends a finding: a mutation and its input.",
})
export class FindingRemedyNode {
  /** By the name of the code: the schema may have it under another. */
  readonly ownMutation: string;

  @Field(() => GraphQLJSONObject, {
    description:
      'What to give it as `input`; try it with `dryRun: true` first. Of more grants than one request takes it names the first 200: ask again afterwards. A `principal` that is null is for you to choose: the `id` of an Account or Group. Example: `{"grants":["WyJHcmFudCIs…"]}`.',
  })
  readonly input: Readonly<Record<string, unknown>>;

  constructor(mutation: string, input: Readonly<Record<string, unknown>>) {
    this.ownMutation = mutation;
    this.input = input;
  }
}

@ObjectType("AccessFinding", {
  simpleResolvers: true,
  description:
    "Something about the access of a site that somebody should look at. Only what is surely so is found; what is not known is in `completeness` of the list.",
})
export class FindingNode {
  readonly __typename = "AccessFinding";
  readonly loaders: SiteLoaders;
  readonly finding: Finding;

  @Field(() => ID, {
    description: "Names it: the same for as long as it stands, and again when it comes back. No global id.",
  })
  readonly findingId: string;

  @Field(() => FindingKind, { description: "What is found." })
  readonly kind: Kind;

  @Field(() => FindingSeverity, { description: "How grave it is: follows from the kind." })
  readonly severity: Severity;

  @Field(() => String, {
    description: "What it is, in one sentence. Example: `Anyone, without signing in, can read space HR.`",
  })
  readonly sentence: string;

  @Field(() => Int, {
    description: "In how many spaces: 1 where `space` names it; of a guest or a dormant administrator all of theirs.",
  })
  readonly spaceCount: number;

  @Field(() => [GrantNode], {
    description:
      "The grants behind it, by which it is so: 200 at most, see `hasMoreGrants`. Of a guest and of a dormant administrator the memberships and direct grants; of a space without an administrator those that would give it one. From the access index of the site.",
  })
  readonly grants: GrantNode[];

  @Field(() => Boolean, { description: "Whether there are more grants behind it than `grants` names." })
  readonly hasMoreGrants: boolean;

  @Field(() => FindingRemedyNode, { description: "The change that ends it." })
  readonly remedy: FindingRemedyNode;

  @Field(() => [Assumption], {
    description: "What it takes for granted, such as that no suspended person is hidden in a group that looks empty.",
  })
  readonly assumptions: AssumptionWord[];

  constructor(loaders: SiteLoaders, finding: Finding, asOfMs: number) {
    this.loaders = loaders;
    this.finding = finding;
    this.findingId = Buffer.from(finding.key).toString("base64url");
    this.kind = finding.kind;
    this.severity = finding.severity;
    this.sentence = finding.sentence;
    this.spaceCount = finding.spaceCount;
    this.grants = finding.grants.map(
      (found) => new GrantNode(loaders, grantOf(loaders.store.site.siteId, found, asOfMs)),
    );
    this.hasMoreGrants = finding.hasMoreGrants;
    this.remedy = new FindingRemedyNode(finding.remedy.mutation, remedyInput(loaders.store.site.siteId, finding));
    this.assumptions = [...finding.assumptions];
  }
}

/** What of the kinds asked for the site cannot tell. */
@ObjectType({ simpleResolvers: true })
export class FindingPageFields {
  @Field(() => [FindingKind], {
    description:
      "Kinds that were asked for and of which nothing can be known on this site: that none is listed says nothing. Asked for by its name, such a kind is a gap. Example: `[DORMANT_ADMINISTRATOR]`, where nobody tells when accounts were last active.",
  })
  readonly unknownKinds!: readonly Kind[];
}

/** A page of findings. */
export class FindingsPage extends Page<FindingNode> implements FindingPageFields {
  readonly unknownKinds: readonly Kind[];

  constructor(unknownKinds: readonly Kind[], facts: ConstructorParameters<typeof Page<FindingNode>>[0]) {
    super(facts);
    this.unknownKinds = unknownKinds;
  }
}
