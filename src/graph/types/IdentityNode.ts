import { Directive, Field, ID, ObjectType } from "type-graphql";

@Directive('@key(fields: "email")')
@Directive('@key(fields: "atlassianAccountId")')
@ObjectType("Identity", {
  simpleResolvers: true,
  description:
    "A person as other systems know them, by e-mail or by Atlassian account id: the bridge to their accounts on every site.",
})
export class IdentityNode {
  readonly __typename = "Identity";

  @Field(() => String, { nullable: true, description: "The e-mail address the person was named by." })
  readonly email: string | null;

  @Field(() => ID, { nullable: true, description: "The Atlassian account id the person was named by." })
  readonly atlassianAccountId: string | null;

  constructor(name: { readonly email: string | null; readonly atlassianAccountId: string | null }) {
    this.email = name.email;
    this.atlassianAccountId = name.atlassianAccountId;
  }
}
