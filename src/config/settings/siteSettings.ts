import { z } from "zod";
import { credentialKinds } from "../sites/credentials.js";
import { defaultSuperGroup } from "../sites/SiteConfig.js";
import {
  atlassianId,
  credential,
  groupName,
  oneOf,
  password,
  type Setting,
  siteUrl,
  username,
  wholeNumber,
} from "./Setting.js";

/** Which site, whatever runs there. */
const anySiteSettings = {
  CONFLUENCE_URL: {
    section: "Confluence",
    schema: siteUrl.optional(),
    type: "URL",
    default: null,
    unset: "the embedded sandbox",
    example: "https://acme.atlassian.net",
    isSecret: false,
    doc: "The address of the Confluence site: on Cloud a trailing /wiki is dropped, on Data Center it may carry a context path.",
  },
  CONFLUENCE_DEPLOYMENT: {
    section: "Confluence",
    schema: oneOf(["cloud", "datacenter"]).optional(),
    type: "cloud or datacenter",
    default: null,
    unset: "cloud for *.atlassian.net, otherwise required",
    example: "cloud",
    isSecret: false,
    doc: "What runs there: a site at Atlassian's, or one that you run yourself.",
  },
  CONFLUENCE_CREDENTIAL: {
    section: "Confluence",
    schema: oneOf(credentialKinds).optional(),
    type: credentialKinds.join(", "),
    default: null,
    unset: "told by which of the variables of a credential are set",
    example: "api-token",
    isSecret: false,
    doc: "How to sign in; needed only for a scoped token without a cloud id, or where a personal access token and a password are both set.",
  },
  CONFLUENCE_CONCURRENCY: {
    section: "Confluence",
    schema: wholeNumber(1, 256),
    type: "whole number, 1 to 256",
    default: "16",
    example: "16",
    isSecret: false,
    doc: "Calls in flight to a site at a time.",
  },
  SITES_FILE: {
    section: "Confluence",
    schema: z.string().optional(),
    type: "path",
    default: null,
    unset: "one site at most, from CONFLUENCE_URL",
    example: "/etc/confluence-access-graph/sites.yaml",
    isSecret: false,
    doc: "A JSON or YAML file that lists several sites, instead of CONFLUENCE_URL and its credential.",
  },
} as const satisfies Record<string, Setting>;

/** How to reach and sign in to a Cloud site. */
const cloudSettings = {
  CONFLUENCE_EMAIL: {
    section: "Confluence Cloud",
    schema: z
      .string()
      .refine((text) => /^[^\s:@]+@[^\s:@]+$/.test(text), { error: "must be an e-mail address" })
      .optional(),
    type: "e-mail address",
    default: null,
    unset: "required for an API token of a person",
    example: "access-review@acme.example",
    isSecret: false,
    doc: "The account that the API token belongs to; it should be able to see every space.",
  },
  CONFLUENCE_API_TOKEN: {
    section: "Confluence Cloud",
    schema: credential(1).optional(),
    type: "secret",
    default: null,
    unset: "required unless an OAuth client is set",
    example: "the-token-you-created",
    isSecret: true,
    doc: "An API token: of that account (id.atlassian.com, Security, API tokens), or of a service account when no e-mail is set.",
  },
  CONFLUENCE_CLIENT_ID: {
    section: "Confluence Cloud",
    schema: credential(1).optional(),
    type: "text",
    default: null,
    unset: "no OAuth service account",
    example: "the-client-id",
    isSecret: false,
    doc: "The client id of an OAuth 2.0 service account.",
  },
  CONFLUENCE_CLIENT_SECRET: {
    section: "Confluence Cloud",
    schema: credential(1).optional(),
    type: "secret",
    default: null,
    unset: "required with CONFLUENCE_CLIENT_ID",
    example: "the-client-secret",
    isSecret: true,
    doc: "The secret of that OAuth client.",
  },
  CONFLUENCE_CLOUD_ID: {
    section: "Confluence Cloud",
    schema: atlassianId.optional(),
    type: "text",
    default: null,
    unset: "looked up at CONFLUENCE_URL where it is needed",
    example: "11111111-2222-3333-4444-555555555555",
    isSecret: false,
    doc: "The site's id at Atlassian's API gateway; with an e-mail it says that the API token is a scoped one.",
  },
  ATLASSIAN_API_URL: {
    section: "Confluence Cloud",
    schema: siteUrl,
    type: "URL",
    default: "https://api.atlassian.com",
    example: "https://api.atlassian.com",
    isSecret: false,
    doc: "Where calls through Atlassian's gateway go.",
  },
  ATLASSIAN_AUTH_URL: {
    section: "Confluence Cloud",
    schema: siteUrl,
    type: "URL",
    default: "https://auth.atlassian.com",
    example: "https://auth.atlassian.com",
    isSecret: false,
    doc: "Where OAuth tokens come from.",
  },
} as const satisfies Record<string, Setting>;

/** How to reach and sign in to a Data Center site. */
const dataCenterSettings = {
  CONFLUENCE_PERSONAL_ACCESS_TOKEN: {
    section: "Confluence Data Center",
    schema: credential(1).optional(),
    type: "secret",
    default: null,
    unset: "required unless a user name and a password are set",
    example: "the-token-you-created",
    isSecret: true,
    doc: "A personal access token (profile, Settings, Personal Access Tokens) of an account that administers Confluence.",
  },
  CONFLUENCE_USERNAME: {
    section: "Confluence Data Center",
    schema: username.optional(),
    type: "text",
    default: null,
    unset: "required with CONFLUENCE_PASSWORD",
    example: "access-review",
    isSecret: false,
    doc: "The user name of such an account, where personal access tokens are switched off.",
  },
  CONFLUENCE_PASSWORD: {
    section: "Confluence Data Center",
    schema: password.optional(),
    type: "secret, any characters",
    default: null,
    unset: "required with CONFLUENCE_USERNAME",
    example: "the-password",
    isSecret: true,
    isVerbatim: true,
    doc: "The password of that account, taken as it stands: blanks at its ends belong to it.",
  },
  CONFLUENCE_CA_FILE: {
    section: "Confluence Data Center",
    schema: z.string().optional(),
    type: "path",
    default: null,
    unset: "the well-known certificate authorities",
    example: "/etc/ssl/certs/company-ca.pem",
    isSecret: false,
    doc: "A PEM file of certificates to trust beside the well-known ones, for a site with a certificate of a private authority.",
  },
  CONFLUENCE_SUPER_GROUP: {
    section: "Confluence Data Center",
    schema: groupName.optional(),
    type: "text",
    default: null,
    unset: defaultSuperGroup,
    example: defaultSuperGroup,
    isSecret: false,
    doc: "The group whose members see and administer everything, whatever permissions say.",
  },
} as const satisfies Record<string, Setting>;

/** The Atlassian organization of Cloud sites. */
const organizationSettings = {
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

/** How to reach the sites, sign in to them and to their organization, in the order in which it is documented. */
export const siteSettings = {
  ...anySiteSettings,
  ...cloudSettings,
  ...dataCenterSettings,
  ...organizationSettings,
} as const;
