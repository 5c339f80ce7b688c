import { GraphQLError, type GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, FieldResolver, Info, Int, Query, Resolver, Root } from "type-graphql";
import type { AccessFacts } from "../../access/AccessDecision.js";
import { asOfMsOf } from "../../access/evaluateAccess.js";
import { inTurn } from "../../callers/Turns.js";
import { outcomesOf } from "../../domain/SiteError.js";
import { type SiteLoaders, whenRead } from "../../loaders/engine/SiteLoaders.js";
import { type AccessPair, readAccessFacts, whenFactsAreKnown } from "../../readings/accessFacts.js";
import { AccountNode, accountNode } from "../account/AccountNode.js";
import { questionUnits } from "../cost/fieldCosts.js";
import { SharedItems, type Slices } from "../cost/Slices.js";
import { maxChecksPerField } from "../limits/budgets.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { selectsBeyond } from "../schema/selection.js";
import { SpaceNode, spaceNode } from "../space/SpaceNode.js";
import { AccessDecisionNode, pathNodes } from "./AccessDecisionNode.js";
import { AccessPathNode } from "./AccessPathNode.js";
import { CheckAccessInput, readAccessPair, readPermission } from "./CheckAccessInput.js";

const firstPaths = {
  nullable: true,
  defaultValue: 20,
  description: "How many: 0 to 1,000. Null is as good as leaving it out.",
};

/** Single questions: answered from exactly the calls that they need, never from an index of the whole site. */
@Resolver(() => AccessDecisionNode)
export class CheckAccessResolver {
  @Query(() => AccessDecisionNode, {
    nullable: true,
    description:
      "Whether an account can do something in a space, why, and through which grants. Reads the account and its groups, the space and what it grants, and of the site what those make matter: nothing else. Null, with an error, where the question names nobody or nothing that is visible.",
  })
  checkAccess(
    @Arg("input", () => CheckAccessInput, { description: "Who, what and where." }) input: CheckAccessInput,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<AccessDecisionNode> {
    return answer(context, input, askedOf(info));
  }

  @Query(() => [AccessDecisionNode], {
    nullable: "itemsAndList",
    description:
      "Many such questions at once, about any accounts and spaces of any sites: an answer for each, in their order. One that cannot be answered is null and has its own error; the others are answered. What several rest on is read once.",
  })
  checkAccesses(
    @Arg("inputs", () => [CheckAccessInput], { description: "The questions: at most 500." })
    inputs: CheckAccessInput[],
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<(AccessDecisionNode | Error)[]> {
    if (inputs.length > maxChecksPerField) {
      throw new GraphQLError(
        `\`${info.fieldName}\` takes at most ${maxChecksPerField} questions; ${inputs.length} were asked. Ask them in several requests.`,
        { extensions: { code: "BATCH_TOO_LARGE", maxQuestions: maxChecksPerField } },
      );
    }
    return answerAll(context, inputs, askedOf(info));
  }

  @FieldResolver(() => AccountNode, { description: "Whom the question is about." })
  account(
    @Root() { loaders, facts }: AccessDecisionNode,
    @Info() info: GraphQLResolveInfo,
  ): AccountNode | Promise<AccountNode> {
    return accountNode(loaders, facts.account.facts.accountId, info);
  }

  @FieldResolver(() => SpaceNode, { description: "Where." })
  space(
    @Root() { loaders, facts }: AccessDecisionNode,
    @Info() info: GraphQLResolveInfo,
  ): SpaceNode | Promise<SpaceNode> {
    return spaceNode(loaders, facts.space.spaceId, info);
  }

  @FieldResolver(() => [AccessPathNode], {
    description:
      "Through which grants, shortest first, then by the name of who holds the last one; none when DENIED. With UNKNOWN those that are known and do not suffice.",
  })
  paths(
    @Root() root: AccessDecisionNode,
    @Arg("first", () => Int, firstPaths) first: number | null | undefined,
  ): AccessPathNode[] {
    return pathNodes(root, root.verdict.paths, first ?? firstPaths.defaultValue);
  }

  @FieldResolver(() => [AccessPathNode], {
    description:
      "What the account holds in vain, in the same order: grants of an account that is not active or not licensed, of a space in the trash, and what counts for nothing without `read/space`.",
  })
  ineffective(
    @Root() root: AccessDecisionNode,
    @Arg("first", () => Int, firstPaths) first: number | null | undefined,
  ): AccessPathNode[] {
    return pathNodes(root, root.verdict.ineffective, first ?? firstPaths.defaultValue);
  }
}

async function answer(
  context: GraphContext,
  input: CheckAccessInput,
  asked: AskedOfDecision,
): Promise<AccessDecisionNode> {
  const pair = await readAccessPair(context, input);
  const facts = await factsOf(pair);
  return inTurn(() => decide(pair.loaders, facts, input, asked));
}

/** Decisions that are made in one piece: a fraction of a millisecond, or some of them where there are many ways. */
const decisionsAtOnce = 10;
/** A question that is answered with an error counts as so many items: the word that it may have meant is looked for among all. */
const refusedQuestion = 5;
/** Units of work of so many questions, before anything is waited for. */
const stepsOfQuestions = 50;

/** Each by itself. What several rest on is waited for once: a promise or two a question would cost more than its answer. */
async function answerAll(
  context: GraphContext,
  inputs: readonly CheckAccessInput[],
  asked: AskedOfDecision,
): Promise<(AccessDecisionNode | Error)[]> {
  const { costBudget, slices } = context;
  const units = inputs.length * questionUnits;
  // Before anything is read for questions that will not be decided.
  costBudget.reserve(units);
  const parts: (readonly CheckAccessInput[])[] = [];
  for (let start = 0; start < inputs.length; start += decisionsAtOnce)
    parts.push(inputs.slice(start, start + decisionsAtOnce));
  const readFacts = async () => {
    const pairs = await new SharedItems(slices, parts, stepsOfQuestions).inSlices((some) =>
      outcomesOf(some, (input) => readAccessPair(context, input)),
    );
    await new SharedItems(slices, pairs, stepsOfQuestions).inSlices((some) =>
      whenFactsAreKnown(some.flatMap((pair) => (pair instanceof Error ? [] : [pair]))),
    );
    return pairs;
  };
  const pairs = await besideOthers(slices, readFacts());
  return behindOthers(slices, async () => {
    costBudget.takeReserved(units);
    const decisions: (AccessDecisionNode | Error)[] = [];
    for (const [place, some] of parts.entries()) {
      const decided = await inTurn(() =>
        outcomesOf(some, (input, at) => {
          const pair = pairs[place]?.[at];
          if (pair === undefined || pair instanceof Error) throw pair;
          return whenRead(factsOf(pair), (facts) => decide(pair.loaders, facts, input, asked));
        }),
      );
      costBudget.takeRefused(decided.filter((each) => each instanceof Error).length * refusedQuestion);
      decisions.push(...decided);
    }
    return decisions;
  });
}

/** By operation: fields of which facts are being read. */
const reading = new WeakMap<Slices, Set<Promise<unknown>>>();

/**
 * What one field rests on, when that of all is read which were begun: what follows from their decisions is read together then, and not
 * of one while another waits for a site, as it happened by which answer came first (2026-12-01).
 */
async function besideOthers<T>(slices: Slices, facts: Promise<T>): Promise<T> {
  const all = reading.get(slices) ?? new Set();
  reading.set(slices, all);
  all.add(facts);
  try {
    const read = await facts;
    all.delete(facts);
    while (all.size > 0) await Promise.allSettled(all);
    return read;
  } finally {
    all.delete(facts);
  }
}

/** By operation: when all is decided that was to be so far. */
const deciding = new WeakMap<Slices, Promise<unknown>>();

/**
 * The decisions of one field after those of another: field by field in turn, those of all would be held until the last of them is made. What
 * an operation holds is what everybody waits for when garbage is collected.
 */
function behindOthers<T>(slices: Slices, decide: () => Promise<T>): Promise<T> {
  const before = deciding.get(slices);
  const decided = before === undefined ? decide() : before.then(decide);
  const end = () => {
    if (deciding.get(slices) === ended) deciding.delete(slices);
  };
  const ended = decided.then(end, end);
  deciding.set(slices, ended);
  return decided;
}

/** At once where they are known. */
function factsOf({ loaders, accountId, spaceId }: AccessPair): AccessFacts | Promise<AccessFacts> {
  return readAccessFacts(loaders, accountId, spaceId);
}

function decide(
  loaders: SiteLoaders,
  facts: AccessFacts,
  input: CheckAccessInput,
  { arePathsAsked, isVerdictAsked }: AskedOfDecision,
): AccessDecisionNode {
  const operation = readPermission(loaders, facts.space, input.permission);
  const node = new AccessDecisionNode(loaders, facts, { operation, asOfMs: asOfMsOf(facts) }, arePathsAsked);
  // Looked for here, where others have their turn between, and not field by field of all of them.
  if (isVerdictAsked) void node.verdict;
  return node;
}

/** What of a decision costs more than the decision. */
interface AskedOfDecision {
  readonly arePathsAsked: boolean;
  readonly isVerdictAsked: boolean;
}

/** What of a decision no path stands behind. */
const withoutPaths: ReadonlySet<string> = new Set([
  ...["__typename", "account", "space", "permission", "decision", "reason", "ineffective", "licencePaths"],
  ...["assumptions", "asOf"],
]);
/** What of it is told without looking for any path. */
const withoutVerdict: ReadonlySet<string> = new Set(
  [...withoutPaths, "completeness"].filter((name) => name !== "ineffective"),
);

function askedOf(info: GraphQLResolveInfo): AskedOfDecision {
  return {
    arePathsAsked: selectsBeyond(info, "AccessDecision", withoutPaths),
    isVerdictAsked: selectsBeyond(info, "AccessDecision", withoutVerdict),
  };
}
