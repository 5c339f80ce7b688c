import { z } from "zod";
import type { Setting } from "./Setting.js";

const address = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), "must be an http or https address")
  .optional();

/** What stands between this machine and Atlassian, or an identity provider. Read in small letters too, as other programs do. */
export const proxySettings = {
  HTTPS_PROXY: {
    section: "Confluence",
    schema: address,
    type: "URL",
    default: null,
    unset: "HTTP_PROXY, or none",
    example: "http://proxy.example.com:3128",
    isSecret: true,
    doc: "The proxy that calls over TLS go through, in a tunnel that it cannot look into; those over plain HTTP never do, for it would read the credential. JWT_JWKS_URL is reached so too; POLICY_URL, a collector and a cache directly.",
  },
  HTTP_PROXY: {
    section: "Confluence",
    schema: address,
    type: "URL",
    default: null,
    unset: "none",
    example: "http://proxy.example.com:3128",
    isSecret: true,
    doc: "Counts where HTTPS_PROXY is not set, for calls over TLS as well.",
  },
  NO_PROXY: {
    section: "Confluence",
    schema: z.string().optional(),
    type: "list",
    default: null,
    unset: "this machine alone",
    example: "wiki.example.com,.internal.example.com,10.0.0.0/8",
    isSecret: false,
    doc: "Hosts, domains and ranges of addresses (`10.0.0.0/8`) that are reached without the proxy, with commas between; `*` for all. A range covers addresses as they are written in a URL: no name is looked up for it.",
  },
  PROXY_CA_FILE: {
    section: "Confluence",
    schema: z.string().optional(),
    type: "path",
    default: null,
    unset: "the well-known certificate authorities",
    example: "/etc/ssl/certs/proxy-ca.pem",
    isSecret: false,
    doc: "A PEM file of certificates to trust beside the well-known ones, for a proxy whose address begins with https.",
  },
} as const satisfies Record<string, Setting>;
