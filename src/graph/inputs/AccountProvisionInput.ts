import { Field, ID, InputType } from "type-graphql";
import { AccountAccessInput } from "./AccountAccessInput.js";
import { acknowledgeAdministrationField } from "./acknowledgements.js";
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
    description:
      "The first name. Kept only where the person is created: in a synchronised directory (SCIM), or on a Data Center site.",
  })
  readonly givenName?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The last name. Kept only where the person is created: in a synchronised directory (SCIM), or on a Data Center site.",
  })
  readonly familyName?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The name shown; made of first and last name where it is left out. Kept only where the person is created, in a synchronised directory (SCIM) or on a Data Center site: people who are invited name themselves. Data Center takes no `<` and `>`, and creates nobody without a name.",
  })
  readonly displayName?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Data Center: the name to sign in with, by which the account is looked up; whatever its case, it is created in lower case. Left out: the e-mail address in lower case, and an account that has this address under another name is found too where the version tells addresses (10.2+).",
  })
  readonly username?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Data Center: the password of a new account; then no e-mail is sent. It stands in no plan, audit or log. Leave it and `generatePassword` out to let the person set one by way of an e-mail (8.4+). Pass it as a variable.",
  })
  readonly password?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      "Data Center: true to have a strong password made for a new account, told once in `generatedPassword`; then no e-mail is sent.",
  })
  readonly generatePassword!: boolean;

  @Field(() => [ID], {
    defaultValue: [],
    description:
      "The `id`s of Groups of the same site that the account shall be in. With `access` together at most 200.",
  })
  readonly groups!: string[];

  @Field(() => [AccountAccessInput], {
    defaultValue: [],
    description: "The access to spaces that the account shall have.",
  })
  readonly access!: AccountAccessInput[];

  @Field(() => String, {
    defaultValue: "atlassian/user",
    description:
      "The product role on the site, in the organization's words: `atlassian/user`, `atlassian/guest`. Given where the account has no access to the site yet, or has it and not this role; who has more than a guest or a user is left as they are. Without an organization only `atlassian/user` can be given. Cloud only: on Data Center groups say it all, and any other role is refused.",
  })
  readonly productRole!: string;

  @Field(() => Boolean, {
    defaultValue: true,
    description:
      "Whether the organization sends an e-mail with its invitation. Confluence's own invitation always does. Data Center sends one to let the person set a password: false needs a password, given or generated.",
  })
  readonly sendNotification!: boolean;

  @Field(() => String, {
    nullable: true,
    description: "A text of the caller's in the organization's e-mail. Cloud only.",
  })
  readonly notificationText?: string | null;

  @Field(() => Boolean, acknowledgeAdministrationField)
  readonly acknowledgeAdministration!: boolean;

  @Field(() => Boolean, dryRunField)
  readonly dryRun!: boolean;
}
