import { Arg, Field, Int, ObjectType } from "type-graphql";
import { asOfMsOf } from "../../../access/evaluateAccess.js";
import type { AccessIndex } from "../../../access/index/AccessIndex.js";
import type { EffectiveAccess } from "../../../access/index/answers.js";
import { inTurn } from "../../../callers/Turns.js";
import type { Gap } from "../../../domain/Complete.js";
import type { Operation } from "../../../domain/Operation.js";
import type { SiteLoaders } from "../../../loaders/engine/SiteLoaders.js";
import { AccountNode } from "../../account/AccountNode.js";
import { AccessVerdict } from "../../change/changeEnums.js";
import { defineConnection, Page, type PageEdge } from "../../paging/Page.js";
import { PermissionNode, SpaceNode } from "../../space/SpaceNode.js";
import { AccessDecisionNode, pathNodes } from "../AccessDecisionNode.js";
import { AccessPathNode } from "../AccessPathNode.js";
import { unsureOf } from "../unheard.js";

/** What explains the rows of a page of the index. */
export interface Explaining {
  readonly loaders: SiteLoaders;
  readonly index: AccessIndex;
  /** The permissions that were asked for by name: then those are told, and no others. */
  readonly asked: readonly Operation[] | null;
  /** Changes that the index may not have heard of: with any, nothing it tells is sure. */
  readonly unheard: readonly Gap[];
}

/** Ways that an edge shows where nobody says how many. */
const pathsShown = 5;

/** What an account can do in a space, at the edge between them. */
@ObjectType({ simpleResolvers: true })
class EffectiveAccessFields {
  /** Kept out of the schema, like what explains it. */
  readonly access: EffectiveAccess;
  readonly explaining: Explaining;

  constructor(access: EffectiveAccess, explaining: Explaining) {
    this.access = access;
    this.explaining = explaining;
  }

  @Field(() => AccessVerdict, {
    description: "Whether it surely can do what was asked: one of the permissions asked for, or read the space.",
  })
  get decision(): string {
    return this.access.decision;
  }

  @Field(() => PermissionNode, {
    description:
      "What `decision`, `pathCount` and `paths` are about: of the permissions asked for the first that it surely has, or else may have; `read/space` where none was asked for.",
  })
  get permission(): PermissionNode {
    return new PermissionNode(this.access.operation);
  }

  @Field(() => [PermissionNode], {
    description: "What it surely can do there: of the permissions asked for, or everything where none was.",
  })
  get permissions(): PermissionNode[] {
    return this.#shown(this.access.operations.allowed);
  }

  @Field(() => [PermissionNode], { description: "What it may be able to do beside, because of what is missing." })
  get unknownPermissions(): PermissionNode[] {
    return this.#shown(this.access.operations.unknown);
  }

  @Field(() => Boolean, {
    description: "Whether it may hold permissions that nothing names, behind a role or a page that could not be read.",
  })
  get mayHoldMore(): boolean {
    return this.access.operations.mayHoldMore;
  }

  @Field(() => Boolean, {
    description: "Whether any of what was asked is granted to the account itself, whatever other ways there are.",
  })
  get isDirect(): boolean {
    return this.access.isDirect;
  }

  @Field(() => Int, { description: "How many ways to `permission` are known, up to 1,000." })
  get pathCount(): number {
    return this.access.pathCount;
  }

  @Field(() => [AccessPathNode], {
    description:
      "Through which grants it has `permission`, shortest first. Where `decision` is UNKNOWN those that are known and do not suffice. Put together for those who ask, so ask for it on short pages.",
  })
  async paths(
    @Arg("first", () => Int, {
      nullable: true,
      defaultValue: pathsShown,
      description: "How many: 0 to 1,000. Null is as good as leaving it out.",
    })
    first: number | null | undefined,
  ): Promise<AccessPathNode[]> {
    const explained = await this.#explain(true);
    return pathNodes(explained, explained.verdict.paths, first ?? pathsShown);
  }

  @Field(() => AccessDecisionNode, {
    description: "The decision about `permission` with everything that it rests on, as `checkAccess` tells it.",
  })
  why(): Promise<AccessDecisionNode> {
    return this.#explain(false);
  }

  /** Some tenths of a millisecond each, and a page has a thousand of them. */
  #explain(arePathsAsked: boolean): Promise<AccessDecisionNode> {
    const { access } = this;
    const { loaders, index, unheard } = this.explaining;
    return inTurn(() => {
      const facts = unsureOf(index.factsOf(access.accountId, access.spaceId), unheard);
      const { operation } = access;
      // What was never read has no age.
      const asOfMs = Math.min(asOfMsOf(facts), loaders.store.clock.now());
      return new AccessDecisionNode(loaders, facts, { operation, asOfMs }, arePathsAsked);
    });
  }

  #shown(operations: readonly Operation[]): PermissionNode[] {
    const { asked } = this.explaining;
    const isAsked = ({ key, target }: Operation) =>
      asked === null || asked.some((each) => each.key === key && each.target === target);
    return operations.filter(isAsked).map((operation) => new PermissionNode(operation));
  }
}

/** Somebody who is, or may be, what an access class stands for. */
@ObjectType({ simpleResolvers: true })
class ClassMemberFields {
  constructor(decision: string) {
    this.decision = decision;
  }

  @Field(() => AccessVerdict, {
    description: "Whether it surely belongs to the class, so that whatever the class is granted reaches it.",
  })
  readonly decision: string;
}

/** How many there are, whatever page is shown. */
@ObjectType({ simpleResolvers: true })
class CountFields {
  @Field(() => Int, { description: "Of how many it is certain, in the whole list; exact, whatever is missing." })
  readonly allowedCount!: number;

  @Field(() => Int, {
    description:
      "Of how many in the whole list nobody knows. Accounts and spaces that no reading names are not among them: see `completeness`.",
  })
  readonly unknownCount!: number;
}

export const EffectiveAccountConnection = defineConnection("EffectiveAccount", () => AccountNode, {
  edge: EffectiveAccessFields,
  page: CountFields,
  descriptions: {
    edge: "An account that can do something in a space, or may be able to: what, and by which ways.",
    page: "A page of those who can do something in a space, or may be able to.",
  },
});

export const EffectiveSpaceConnection = defineConnection("EffectiveSpace", () => SpaceNode, {
  edge: EffectiveAccessFields,
  page: CountFields,
  descriptions: {
    edge: "A space in which an account can do something, or may be able to: what, and by which ways.",
    page: "A page of the spaces in which an account can do something, or may be able to.",
  },
});

export const AccessClassMemberConnection = defineConnection("AccessClassMember", () => AccountNode, {
  edge: ClassMemberFields,
  page: CountFields,
  descriptions: {
    edge: "An account that an access class stands for, or may stand for.",
    page: "A page of the accounts that an access class stands for.",
  },
});

/** The edge of an account or of a space; what it tells, it tells when asked. */
export class EffectiveEdge<Node> extends EffectiveAccessFields implements PageEdge<Node> {
  readonly edge: PageEdge<Node>;
  readonly node: Node;

  constructor(edge: PageEdge<Node>, access: EffectiveAccess, explaining: Explaining) {
    super(access, explaining);
    this.edge = edge;
    this.node = edge.node;
  }

  get cursor(): string {
    return this.edge.cursor;
  }
}

/** The edge of somebody whom an access class stands for. */
export class ClassMemberEdge extends ClassMemberFields implements PageEdge<AccountNode> {
  readonly edge: PageEdge<AccountNode>;
  readonly node: AccountNode;

  constructor(edge: PageEdge<AccountNode>, decision: string) {
    super(decision);
    this.edge = edge;
    this.node = edge.node;
  }

  get cursor(): string {
    return this.edge.cursor;
  }
}

/** A page of a list that is certain of some of its items only. */
export class CountedPage<Node> extends Page<Node> {
  readonly allowedCount: number;
  readonly unknownCount: number;

  constructor(facts: ConstructorParameters<typeof Page<Node>>[0], counts: { allowed: number; unknown: number }) {
    super({ ...facts, count: counts.allowed + counts.unknown });
    this.allowedCount = counts.allowed;
    this.unknownCount = counts.unknown;
  }
}
