import { z } from "zod";
import { credential } from "./credential.js";
import { defaultSuperGroup } from "./defaultSuperGroup.js";
import { groupName } from "./groupName.js";
import { password } from "./password.js";
import type { Setting } from "./Setting.js";
import { username } from "./username.js";

/** How to reach and sign in to a Data Center site. */
export const dataCenterSettings = {
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
