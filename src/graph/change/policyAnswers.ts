import type { GraphQLSchema } from "graphql";
import { Field, ObjectType } from "type-graphql";
import type { PolicyAnswer } from "../../provisioning/policy/PolicyHook.js";
import { defineEnum } from "../schema/enums.js";
import type { GraphContext } from "../schema/GraphContext.js";

const PolicyDecision = defineEnum("PolicyDecision", "What a policy said of a change.", {
  ALLOWED: "It may be carried out.",
  DENIED: "It may not.",
  UNAVAILABLE: "Nothing that can be used: nothing is carried out.",
});

@ObjectType("PolicyAnswer", {
  simpleResolvers: true,
  description: "What the policy said that is asked before anything is written.",
})
export class PolicyAnswerNode {
  @Field(() => PolicyDecision, { description: "Whether it may be carried out." })
  readonly decision: string;

  @Field(() => String, {
    nullable: true,
    description: "Why, in its words; of `UNAVAILABLE` what was wrong. Null where it gave none.",
  })
  readonly reason: string | null;

  constructor({ decision, reason }: { readonly decision: string; readonly reason: string | null }) {
    this.decision = decision;
    this.reason = reason;
  }
}

/** On the payload of every mutation. */
export const policyField = {
  nullable: true,
  description:
    "What the policy said of the mutation as a whole; in a dry run, what it says of it. Null where none is asked, where there is nothing to do, and of a call that repeats an earlier one.",
} as const;

/** A payload that shows it. */
interface ShowsPolicy {
  policy?: PolicyAnswerNode | null;
}

/** By the context of the operation, whose mutations are carried out one after the other. */
const answers = new WeakMap<GraphContext, PolicyAnswer>();

/** Keeps what the policy said for the payload of the mutation that is being answered. */
export function notePolicyAnswer(context: GraphContext, answer: PolicyAnswer | null): void {
  if (answer !== null) answers.set(context, answer);
}

/** Shows on each payload what the policy said of its mutation. */
export function showPolicyAnswers(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve } = field;
    if (resolve === undefined) continue;
    field.resolve = async (source: unknown, args, context: GraphContext, info) => {
      answers.delete(context);
      const payload = (await resolve(source, args, context, info)) as ShowsPolicy | null;
      const answer = answers.get(context);
      if (answer !== undefined && payload !== null) payload.policy = new PolicyAnswerNode(answer);
      return payload;
    };
  }
}
