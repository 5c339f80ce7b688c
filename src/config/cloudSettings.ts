import { z } from "zod";
import { atlassianId } from "./atlassianId.js";
import { credential } from "./credential.js";
import type { Setting } from "./Setting.js";
import { siteUrl } from "./siteUrl.js";

/** How to reach and sign in to a Cloud site. */
export const cloudSettings = {
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
