import { type GraphQLResolveInfo, getNamedType } from "graphql";
import { Field, ID, InputType } from "type-graphql";
import type { AccessIndex } from "../../../access/index/AccessIndex.js";
import type { EffectiveAccess, EffectivePage, WhatCanWanted, WhoCanWanted } from "../../../access/index/answers.js";
import { inSlices, type Steps } from "../../../access/index/store/slices.js";
import { pieceTurn } from "../../../callers/Turns.js";
import type { AccountKind as Kind, AccountStatus as Status } from "../../../domain/Account.js";
import type { Trust } from "../../../domain/Complete.js";
import type { Operation } from "../../../domain/Operation.js";
import type { SpaceKind as KindOfSpace, SpaceStatus as StatusOfSpace } from "../../../domain/Space.js";
import type { SiteLoaders } from "../../../loaders/engine/SiteLoaders.js";
import { slicing } from "../../../readings/lists/slicing.js";
import { AccessVerdict } from "../../change/changeEnums.js";
import { PermissionInput } from "../../change/inputs.js";
import { InputError } from "../../errors/errorCodes.js";
import { failureOf, type PageArgs, readPlace } from "../../paging/loadPage.js";
import type { ListIdentity, PageEdge } from "../../paging/Page.js";
import { AccountKind, AccountStatus, SpaceKind, SpaceStatus } from "../../schema/enums.js";
import { readGlobalId } from "../../schema/GlobalId.js";
import type { GraphContext } from "../../schema/GraphContext.js";
import { ownNameOf } from "../../schema/naming/Naming.js";
import { selectsBeyond } from "../../schema/selection.js";
import { spellPermission } from "../CheckAccessInput.js";
import { unheardBy } from "../unheard.js";
import { CountedPage, EffectiveEdge, type Explaining } from "./EffectiveAccessNodes.js";

/** What both directions can be narrowed by. */
@InputType()
abstract class EffectiveAccessFilter {
  @Field(() => [PermissionInput], {
    nullable: true,
    description:
      'Having any of these permissions, named in any letter case. Default: `read/space`, without which there is nothing. One that is not known and that nothing on the site gives is refused: `Site.operations` lists the known. Example: `[{ operation: "administer", target: "space" }]`.',
  })
  readonly permissions?: PermissionInput[] | null;

  @Field(() => AccessVerdict, {
    nullable: true,
    description: "Only where it is certain, or only where nobody knows. Default: both.",
  })
  readonly decision?: keyof typeof AccessVerdict | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "Only where it comes by membership of this group (the `id` of a Group): the group holds the grant, or is in a group that does.",
  })
  readonly viaGroup?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "True: only where it is granted to the account itself. False: only where it is not.",
  })
  readonly isDirect?: boolean | null;
}

@InputType({ description: "Which of those who can. Every part given must fit; within a part, any value may." })
export class EffectiveAccountFilter extends EffectiveAccessFilter {
  @Field(() => [AccountKind], { nullable: true, description: "Accounts of these kinds. Example: `[GUEST]`." })
  readonly kinds?: Kind[] | null;

  @Field(() => [AccountStatus], {
    nullable: true,
    description: "With one of these statuses: only `ACTIVE` and `UNKNOWN` ones can do anything.",
  })
  readonly statuses?: Status[] | null;

  @Field(() => String, {
    nullable: true,
    description: "Whose display name or account id holds this text, whatever its case.",
  })
  readonly text?: string | null;
}

@InputType({ description: "Which of the spaces. Every part given must fit; within a part, any value may." })
export class EffectiveSpaceFilter extends EffectiveAccessFilter {
  @Field(() => [SpaceKind], { nullable: true, description: "Spaces of these kinds. Example: `[PERSONAL]`." })
  readonly kinds?: KindOfSpace[] | null;

  @Field(() => [SpaceStatus], {
    nullable: true,
    description: "With one of these statuses. Spaces in the trash give nothing, archived ones do.",
  })
  readonly statuses?: StatusOfSpace[] | null;

  @Field(() => String, {
    nullable: true,
    description: "Whose name, key or id holds this text, whatever its case.",
  })
  readonly text?: string | null;
}

/** A page of what the index found, of a part of which it is certain. */
interface FoundPage<Row, Node> extends Trust {
  readonly rows: readonly Row[];
  readonly allowed: number;
  readonly unknown: number;
  readonly hasNextPage: boolean;
  edgeOf(edge: PageEdge<Node>, row: Row): PageEdge<Node>;
}

/** A filter as the index takes it. */
interface Wanted<W> {
  readonly narrowed: W;
  /** The permissions that are asked for by name, as the site spells them. */
  readonly asked: readonly Operation[] | null;
  /** Refuses a mistyped permission, once it is certain that nothing gives it: it would read as "nobody". */
  checked(found: EffectivePage): EffectivePage;
}

export function readWhoCan(
  loaders: SiteLoaders,
  index: AccessIndex,
  filter: EffectiveAccountFilter | null | undefined,
): Wanted<WhoCanWanted> {
  const { shared, ...wanted } = readShared(loaders, index, filter);
  const { kinds, statuses } = filter ?? {};
  return {
    ...wanted,
    narrowed: { ...shared, ...(kinds == null ? {} : { kinds }), ...(statuses == null ? {} : { statuses }) },
  };
}

export function readWhatCan(
  loaders: SiteLoaders,
  index: AccessIndex,
  filter: EffectiveSpaceFilter | null | undefined,
): Wanted<WhatCanWanted> {
  const { shared, ...wanted } = readShared(loaders, index, filter);
  const { kinds, statuses } = filter ?? {};
  return {
    ...wanted,
    narrowed: { ...shared, ...(kinds == null ? {} : { kinds }), ...(statuses == null ? {} : { statuses }) },
  };
}

type Shared = Omit<WhoCanWanted, "kinds" | "statuses">;

function readShared(
  loaders: SiteLoaders,
  index: AccessIndex,
  filter: EffectiveAccountFilter | EffectiveSpaceFilter | null | undefined,
): Omit<Wanted<never>, "narrowed"> & { readonly shared: Shared } {
  const { permissions, decision, viaGroup, isDirect, text } = filter ?? {};
  const spelled = permissions?.map((permission) => spellPermission(loaders, index.operations, permission)) ?? null;
  const asked = spelled?.map(({ operation }) => operation) ?? null;
  const shared: Shared = {
    ...(asked === null ? {} : { operations: asked }),
    ...(decision == null ? {} : { decision }),
    ...(viaGroup == null ? {} : { viaGroup: readGroupOf(loaders, viaGroup) }),
    ...(isDirect == null ? {} : { isDirect }),
    ...(text == null ? {} : { text }),
  };
  const [refusal] = spelled?.flatMap((each) => each.refusal ?? []) ?? [];
  return {
    shared,
    asked,
    checked: (found) => {
      if (refusal !== undefined && found.gaps.length + found.unknown === 0) throw refusal("permissions");
      return found;
    },
  };
}

function readGroupOf({ store: { site } }: SiteLoaders, id: string) {
  const { siteId, groupId } = readGlobalId(id, "viaGroup", ["Group"]);
  if (siteId === site.siteId) return site.names.groupId(groupId);
  throw new InputError(
    "INVALID_ID",
    "viaGroup",
    `This group is of site "${siteId}"; one of site "${site.siteId}" is needed.`,
  );
}

/** What the index found, and the edges of its rows with what explains them. */
export function explainable<Node>(found: EffectivePage, explaining: Explaining): FoundPage<EffectiveAccess, Node> {
  return { ...found, edgeOf: (edge, access) => new EffectiveEdge(edge, access, explaining) };
}

/** Seconds that a question waits for an index that is not read yet, and may wait. */
const waits = { default: 5, max: 30 } as const;

/** The argument `wait` of what is answered out of the index. */
export const waitField = {
  nullable: true,
  defaultValue: waits.default,
  description: `How many seconds to wait while the site's access index is read for the first time: 0 to ${waits.max}. Then what is there is answered, and \`completeness\` says what is missing. Null is as good as leaving it out.`,
};

/** The index of a site, as soon as it is whole, or as it is when the wait is over, and whoever asks has a turn to look into it. */
export async function awaitIndex(
  context: GraphContext,
  { store }: SiteLoaders,
  wait: number | null | undefined,
): Promise<AccessIndex> {
  const seconds = wait ?? waits.default;
  if (seconds < 0 || seconds > waits.max) {
    throw new InputError("INVALID_WAIT", "wait", `\`wait\` must be 0 to ${waits.max} seconds; it is ${seconds}.`);
  }
  const index = await context.indexes.of(store.site.siteId).whenReady(seconds * 1_000);
  await pieceTurn();
  return index;
}

interface IndexList<Row, Node> {
  readonly list: ListIdentity;
  readonly info: GraphQLResolveInfo;
  readonly page: PageArgs;
  readonly wait: number | null | undefined;
  /** What the list is, for the gap when nothing of it is known. */
  readonly missing: string;
  /** What the index has to make ready, in steps. */
  prepare?(index: AccessIndex): Steps;
  find(index: AccessIndex, place: PlaceInIndex): FoundPage<Row, Node>;
  /** Where a row stands in the order of the list. */
  orderKeyOf(row: Row): string;
  nodesOf(rows: readonly Row[]): readonly Node[] | Promise<readonly Node[]>;
}

interface PlaceInIndex {
  readonly first: number;
  readonly after: string | null;
  readonly isToldLater: true;
}

/** What of a connection is told without looking at any row of the page. */
const withoutRows: ReadonlySet<string> = new Set([
  ...["__typename", "totalCount", "allowedCount", "unknownCount", "completeness"],
]);

/** A page of a list out of the index of a site. It goes on behind the last row, by where that stood, whatever was read since. */
export async function loadIndexPage<Row, Node>(
  context: GraphContext,
  loaders: SiteLoaders,
  request: IndexList<Row, Node>,
): Promise<CountedPage<Node>> {
  const { list, missing, info } = request;
  const { first: asked, afterKey } = readPlace(list, request.page);
  const first = selectsBeyond(info, ownNameOf(getNamedType(info.returnType)), withoutRows) ? asked : 0;
  const index = await awaitIndex(context, loaders, request.wait);
  if (request.prepare !== undefined) await inSlices(request.prepare(index), slicing);
  const found = request.find(index, { first, after: afterKey, isToldLater: true });
  const { rows, hasNextPage } = found;
  const gaps = [...unheardBy(context), ...found.gaps];
  const keyOf = (row: Row | undefined) => (row === undefined ? undefined : request.orderKeyOf(row));
  const count = found.allowed + found.unknown;
  const facts = {
    list,
    orderKeys: { length: rows.length, at: (place: number) => keyOf(rows.at(place)) },
    nodes: rows.length === 0 ? [] : await request.nodesOf(rows),
    hasNextPage,
    hasPreviousPage: afterKey !== null && (hasNextPage || count > rows.length),
    count,
    // What was never read has no age.
    trust: { ...found, gaps, asOfMs: Math.min(found.asOfMs, context.clock.now()) },
    failure: count === 0 ? failureOf({ gaps }, missing) : null,
    edgeOf: (edge: PageEdge<Node>, at: number) => {
      const row = rows[at];
      return row === undefined ? edge : found.edgeOf(edge, row);
    },
  };
  return new CountedPage(facts, found);
}
