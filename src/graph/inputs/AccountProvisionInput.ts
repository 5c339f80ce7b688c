import { Field, ID, InputType } from "type-graphql";
import { AccountAccessInput } from "./AccountAccessInput.js";
import { dryRunField } from "./dryRunField.js";
import { ProvenanceInput } from "./ProvenanceInput.js";

@InputType({ description: "Gives a person an account on a site, and the account what it shall have there." })
export class ProvisionAccountInput extends ProvenanceInput {
  @Field(() => ID, { nullable: true, description: "The site; may be left out where there is only one." })
  readonly siteId?: string | null;

  @Field(() => String, { description: "The person's e-mail address: with an @, at most 320 characters." })
  readonly email!: string;

  @Field(() => String, {
    nullable: true,
    description: "The first name. Kept only where the person is created in a synchronised directory (SCIM).",
  })
  readonly givenName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The last name. Kept only where the person is created in a synchronised directory (SCIM).",
  })
  readonly familyName?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The name shown; made of first and last name where it is left out. Kept only where the person is created in a synchronised directory (SCIM): people who are invited name themselves.",
  })
  readonly displayName?: string | null;

  @Field(() => [ID], {
    defaultValue: [],
    description:
      "The `id`s of Groups of the same site that the account shall be in. With `access` together at most 200.",
  })
  readonly groupIds!: string[];

  @Field(() => [AccountAccessInput], {
    defaultValue: [],
    description: "The access to spaces that the account shall have.",
  })
  readonly access!: AccountAccessInput[];

  @Field(() => String, {
    defaultValue: "atlassian/user",
    description:
      "The product role on the site, in the organization's words: `atlassian/user`, `atlassian/guest`. Given only where the account has no access to the site yet.",
  })
  readonly productRole!: string;

  @Field(() => Boolean, {
    defaultValue: true,
    description:
      "Whether the organization sends an e-mail with its invitation. Confluence's own invitation always does.",
  })
  readonly sendNotification!: boolean;

  @Field(() => String, { nullable: true, description: "A text of the caller's in the organization's e-mail." })
  readonly notificationText?: string | null;

  @Field(() => Boolean, dryRunField)
  readonly dryRun!: boolean;
}
