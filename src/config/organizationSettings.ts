import { atlassianId } from "./atlassianId.js";
import { credential } from "./credential.js";
import type { Setting } from "./Setting.js";

/** The Atlassian organization of Cloud sites. */
export const organizationSettings = {
  ATLASSIAN_ORG_ID: {
    section: "Organization",
    schema: atlassianId.optional(),
    type: "text",
    default: null,
    unset: "nothing is asked of the organization",
    example: "11111111-2222-3333-4444-555555555555",
    isSecret: false,
    doc: "The Atlassian organization of the Cloud sites.",
  },
  ATLASSIAN_ORG_API_KEY: {
    section: "Organization",
    schema: credential(1).optional(),
    type: "secret",
    default: null,
    unset: "required with ATLASSIAN_ORG_ID",
    example: "the-organization-api-key",
    isSecret: true,
    doc: "An organization API key: gives e-mail, suspension, licence, roles and last activity.",
  },
  ATLASSIAN_SCIM_DIRECTORY_ID: {
    section: "Organization",
    schema: atlassianId.optional(),
    type: "text",
    default: null,
    unset: "first and last names are not known",
    example: "11111111-2222-3333-4444-555555555555",
    isSecret: false,
    doc: "The directory that an identity provider synchronises into the organization.",
  },
  ATLASSIAN_SCIM_KEY: {
    section: "Organization",
    schema: credential(1).optional(),
    type: "secret",
    default: null,
    unset: "required with ATLASSIAN_SCIM_DIRECTORY_ID",
    example: "the-scim-key",
    isSecret: true,
    doc: "The key of that directory: gives first and last name, department and external id.",
  },
} as const satisfies Record<string, Setting>;
