import { Field, Int, ObjectType } from "type-graphql";
import type { Decision as DecisionWord } from "../../../access/AccessDecision.js";
import { type AccessEffect, evaluateAccess } from "../../../access/evaluateAccess.js";
import { explainDecision } from "../../../access/explainDecision.js";
import type { Trust } from "../../../domain/Complete.js";
import type { SiteLoaders } from "../../../loaders/engine/SiteLoaders.js";
import { CompletenessNode } from "../../completeness/CompletenessNode.js";
import { defineEnum } from "../../schema/enums.js";
import { PermissionNode } from "../../space/SpaceNode.js";
import { Decision } from "../AccessDecisionNode.js";
import { namesFor } from "../AccessPathNode.js";
import type { PairEffect } from "./previewAccess.js";

export const AccessEffectKind = defineEnum("AccessEffectKind", "What becomes of a permission of an account.", {
  GAINED: "It could not do this, and then it can.",
  LOST: "It can do this, and then it cannot.",
  MAY_GAIN: "Perhaps: whether it could before, or can then, is not known.",
  MAY_LOSE: "Perhaps: whether it can now, or still can then, is not known.",
});

/** How far a decision is from the account's favour. */
const favour: Readonly<Record<DecisionWord, number>> = { DENIED: 0, UNKNOWN: 1, ALLOWED: 2 };

function kindOf({ before, after }: AccessEffect, isNothingSure: boolean): keyof typeof AccessEffectKind {
  const isGain = favour[after] > favour[before];
  if (isNothingSure || before === "UNKNOWN" || after === "UNKNOWN") return isGain ? "MAY_GAIN" : "MAY_LOSE";
  return isGain ? "GAINED" : "LOST";
}

@ObjectType("PermissionEffect", {
  simpleResolvers: true,
  description: "What becomes of one permission of an account in a space.",
})
class PermissionEffectNode {
  readonly #explain: () => string;

  @Field(() => PermissionNode, { description: "Which permission." })
  readonly permission: PermissionNode;

  @Field(() => AccessEffectKind, { description: "What becomes of it." })
  readonly effect: string;

  @Field(() => Decision, { description: "Whether the account has it now." })
  readonly before: string;

  @Field(() => Decision, { description: "Whether it has it then." })
  readonly after: string;

  constructor(effect: AccessEffect, isNothingSure: boolean, explain: () => string) {
    this.permission = new PermissionNode(effect.operation);
    this.effect = kindOf(effect, isNothingSure);
    this.before = isNothingSure ? "UNKNOWN" : effect.before;
    this.after = isNothingSure ? "UNKNOWN" : effect.after;
    this.#explain = explain;
  }

  @Field(() => String, {
    description:
      "How it is then, and why, as one plain sentence. Example: `Ada does not have read/space in ENG: no grant gives it.`",
  })
  get explanation(): string {
    return this.#explain();
  }
}

@ObjectType("AccessEffect", {
  simpleResolvers: true,
  description: "What becomes of what one account can do in one space.",
})
export class AccessEffectNode {
  readonly loaders: SiteLoaders;
  readonly pair: PairEffect;

  constructor(loaders: SiteLoaders, pair: PairEffect) {
    this.loaders = loaders;
    this.pair = pair;
  }

  @Field(() => [PermissionEffectNode], {
    description: "Every permission that is not what it was, ordered by operation.",
  })
  get permissions(): PermissionEffectNode[] {
    const { loaders, pair } = this;
    const { unheard } = pair;
    const isNothingSure = unheard.length > 0;
    const unsure = { decision: "UNKNOWN", reason: "INCOMPLETE", gaps: unheard } as const;
    return pair.effects.map(
      (effect) =>
        new PermissionEffectNode(effect, isNothingSure, () => {
          const decided = evaluateAccess(pair.after, effect.operation);
          return explainDecision(isNothingSure ? { ...decided, ...unsure } : decided, namesFor(loaders, pair.after));
        }),
    );
  }
}

@ObjectType("AccessPreview", {
  simpleResolvers: true,
  description:
    "Who would gain and lose what by changes that are only planned: what they bring with them included, such as what goes with `read/space`, or every space that a group reaches. Of the changes together, as they would stand when all are done.",
})
export class AccessPreviewNode {
  @Field(() => [AccessEffectNode], {
    description:
      "One for each account and space where something changes, ordered by account and space. Empty and complete means that nobody gains or loses anything, whatever rows come and go. It looks at 2,000 pairs of an account and a space at most; more are a gap.",
  })
  readonly effects: readonly AccessEffectNode[];

  @Field(() => Int, { description: "How many accounts are among them." })
  readonly accountCount: number;

  @Field(() => CompletenessNode, {
    description: "Whether everything that decides it was read, and everybody looked at.",
  })
  readonly completeness: CompletenessNode;

  constructor(effects: readonly AccessEffectNode[], trust: Trust) {
    this.effects = effects;
    this.accountCount = new Set(effects.map(({ loaders, pair }) => `${loaders.site.siteId} ${pair.accountId}`)).size;
    this.completeness = new CompletenessNode(trust);
  }
}
