import type { DataCenterCredential } from "../config/sites/credentials.js";
import type { DataCenterSiteConfig } from "../config/sites/SiteConfig.js";
import { classifyDataCenterError } from "../confluence/datacenter/classifyDataCenterError.js";
import { createTransport, type TransportOptions } from "../http/createTransport.js";
import type { AuthorizationSource, Transport } from "../http/Transport.js";

type Shared = Omit<TransportOptions, "baseUrl" | "authorization" | "classifyError" | "ca">;

/** The credential's way to a Data Center site: straight to it, below its context path, trusting its own authority. */
export function connectDataCenterSite({ url, credential, ca }: DataCenterSiteConfig, shared: Shared): Transport {
  return createTransport({
    ...shared,
    baseUrl: url,
    authorization: authorizationOf(credential),
    classifyError: classifyDataCenterError,
    ...(ca === null ? {} : { ca }),
  });
}

function authorizationOf(credential: DataCenterCredential): AuthorizationSource {
  if (credential.kind === "personal-access-token") return { header: () => `Bearer ${credential.token.reveal()}` };
  const { username, password } = credential;
  return { header: () => `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString("base64")}` };
}
