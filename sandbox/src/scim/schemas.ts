/** The URNs that SCIM names its shapes by. */
export const schemas = {
  user: "urn:ietf:params:scim:schemas:core:2.0:User",
  group: "urn:ietf:params:scim:schemas:core:2.0:Group",
  enterprise: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
  atlassian: "urn:scim:schemas:extension:atlassian-external:1.0",
  list: "urn:ietf:params:scim:api:messages:2.0:ListResponse",
  patch: "urn:ietf:params:scim:api:messages:2.0:PatchOp",
  error: "urn:ietf:params:scim:api:messages:2.0:Error",
} as const;

/** An attribute as RFC 7643, section 7, has a schema describe it. */
interface AttributeDefinition {
  readonly name: string;
  readonly type: "string" | "boolean" | "reference" | "complex";
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact?: boolean;
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly mutability: "readOnly" | "readWrite" | "immutable";
  readonly returned: "always" | "default";
  readonly uniqueness: "none" | "server" | "global";
  readonly subAttributes?: readonly AttributeDefinition[];
}

/** What a schema says of itself. */
interface SchemaDefinition {
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly AttributeDefinition[];
}

type Rest = Partial<Omit<AttributeDefinition, "name" | "description">>;

function attribute(name: string, description: string, rest: Rest = {}): AttributeDefinition {
  const { type = "string" } = rest;
  return {
    name,
    type,
    multiValued: false,
    description,
    required: false,
    ...(type === "string" || type === "reference" ? { caseExact: type === "reference" } : {}),
    mutability: "readWrite",
    returned: "default",
    uniqueness: "none",
    ...rest,
  };
}

/** Links to resources of the directory itself, made by it where `rest` says so. */
function links(to: "User" | "Group", rest: Rest): readonly AttributeDefinition[] {
  return [
    attribute("type", "What it is a link to.", { canonicalValues: [to], ...rest }),
    attribute("value", `The id of the ${to.toLowerCase()}.`, { caseExact: true, ...rest }),
    attribute("display", "Its name.", { mutability: "readOnly" }),
    attribute("$ref", "Its address.", { type: "reference", referenceTypes: [to], mutability: "readOnly" }),
  ];
}

const department = attribute("department", "The department of the user.");
const organization = attribute("organization", "The organization of the user.");

/** The schemas that can be discovered, by URN: what users and groups are made of, and what can be written. */
export const schemaDefinitions: ReadonlyMap<string, SchemaDefinition> = new Map([
  [
    schemas.user,
    {
      name: "User",
      description: "A user that an identity provider synchronises.",
      attributes: [
        attribute("userName", "The name of the user at the identity provider.", {
          required: true,
          uniqueness: "server",
        }),
        attribute("name", "The parts of the user's name.", {
          type: "complex",
          subAttributes: [
            attribute("formatted", "The whole name."),
            attribute("familyName", "The last name."),
            attribute("givenName", "The first name."),
          ],
        }),
        attribute("displayName", "The name that others see."),
        attribute("nickName", "A casual name."),
        attribute("title", "The job title."),
        attribute("preferredLanguage", "The language that the user prefers."),
        department,
        organization,
        attribute("timezone", "The time zone, such as Europe/Berlin."),
        attribute("active", "Whether the user can sign in.", { type: "boolean" }),
        attribute("emails", "The addresses of the user, one of them primary.", {
          type: "complex",
          multiValued: true,
          required: true,
          subAttributes: [
            attribute("value", "The address.", { required: true, uniqueness: "global" }),
            attribute("type", "Such as work.", { canonicalValues: ["work", "home", "other"] }),
            attribute("primary", "Whether it is the one that counts.", { type: "boolean" }),
          ],
        }),
        attribute("phoneNumbers", "The telephone numbers of the user.", {
          type: "complex",
          multiValued: true,
          subAttributes: [
            attribute("value", "The number."),
            attribute("type", "Such as work."),
            attribute("primary", "Whether it is the one that counts.", { type: "boolean" }),
          ],
        }),
        attribute("groups", "The groups of the user. They are changed at the groups.", {
          type: "complex",
          multiValued: true,
          mutability: "readOnly",
          subAttributes: links("Group", { mutability: "readOnly" }),
        }),
      ],
    },
  ],
  [
    schemas.group,
    {
      name: "Group",
      description: "A group that an identity provider synchronises.",
      attributes: [
        attribute("displayName", "The name of the group.", {
          required: true,
          caseExact: true,
          mutability: "immutable",
          uniqueness: "server",
        }),
        attribute("members", "Who is in the group.", {
          type: "complex",
          multiValued: true,
          subAttributes: links("User", { mutability: "immutable" }),
        }),
      ],
    },
  ],
  [
    schemas.enterprise,
    {
      name: "EnterpriseUser",
      description: "What an enterprise knows of a user.",
      attributes: [organization, department],
    },
  ],
]);
