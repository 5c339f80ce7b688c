import type { CloudCredential, DataCenterCredential } from "../config/sites/credentials.js";
import type { CloudSiteConfig, DataCenterSiteConfig } from "../config/sites/SiteConfig.js";
import { fetchCloudId } from "../confluence/cloud/connect.js";
import { classifyCloudError } from "../confluence/cloud/errors.js";
import { classifyDataCenterError } from "../confluence/datacenter/errors.js";
import { ClientCredentials } from "../http/ClientCredentials.js";
import { Lane } from "../http/ConcurrencyLimit.js";
import { createTransport, type TransportOptions } from "../http/createTransport.js";
import { type AuthorizationSource, createLazyTransport, type Transport } from "../http/Transport.js";

interface CloudConnection {
  readonly transport: Transport;
  /** Where calls go: links in answers may name no other origin. */
  readonly baseUrl: string;
  /** The site's cloud id: configured, or looked up at its own address once. Rejects with a `SiteError`. */
  readonly cloudId: () => Promise<string>;
  readonly close: () => Promise<void>;
}

type Shared = Omit<TransportOptions, "baseUrl" | "authorization" | "classifyError">;

/** The credential's way to a Cloud site: straight to it, or through the API gateway under its cloud id. */
export function connectCloudSite(config: CloudSiteConfig, shared: Shared): CloudConnection {
  const { credential, url, atlassian } = config;
  const open = (baseUrl: string, authorization: AuthorizationSource) =>
    createTransport({ ...shared, baseUrl, authorization, classifyError: classifyCloudError });
  const anonymous = open(url, { header: () => undefined });
  const cloudId = once(async () =>
    credential.kind === "api-token" || credential.cloudId === null ? fetchCloudId(anonymous) : credential.cloudId,
  );
  if (credential.kind === "api-token") {
    const transport = open(url, basic(credential.email, credential.apiToken.reveal()));
    return { transport, baseUrl: url, cloudId, close: () => closeAll([transport, anonymous]) };
  }

  const tokens = createTransport({
    ...shared,
    baseUrl: atlassian.authUrl,
    authorization: { header: () => undefined },
    // Its own lane: a site's throttling is no reason to wait with a token.
    lane: new Lane({ concurrency: 2, clock: shared.clock }),
    classifyError: ({ status }) =>
      status >= 400 && status < 500 && status !== 429
        ? {
            kind: "CredentialRejected",
            advice: "The OAuth client id or its secret is wrong, revoked or rotated: put the current ones in place.",
          }
        : undefined,
  });
  const authorization = gatewayAuthorization(credential, tokens, shared);
  const transport = createLazyTransport(async () =>
    open(`${atlassian.apiUrl}/ex/confluence/${await cloudId()}`, authorization),
  );
  return {
    transport,
    baseUrl: atlassian.apiUrl,
    cloudId,
    close: () => closeAll([transport, anonymous, tokens]),
  };
}

function gatewayAuthorization(
  credential: Exclude<CloudCredential, { kind: "api-token" }>,
  tokens: Transport,
  { clock }: Shared,
): AuthorizationSource {
  switch (credential.kind) {
    case "scoped-api-token":
      return basic(credential.email, credential.apiToken.reveal());
    case "service-account-token":
      return { header: () => `Bearer ${credential.apiToken.reveal()}` };
    case "oauth":
      return new ClientCredentials({
        clientId: credential.clientId,
        clientSecret: () => credential.clientSecret.reveal(),
        transport: tokens,
        clock,
      });
  }
}

function basic(user: string, password: string): AuthorizationSource {
  const header = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  return { header: () => header };
}

/** One attempt at a time; a success is kept, a failure is tried again by the next who asks. */
function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | null = null;
  return () => {
    reading ??= read().catch((error: unknown) => {
      reading = null;
      throw error;
    });
    return reading;
  };
}

async function closeAll(transports: readonly Transport[]): Promise<void> {
  await Promise.all(transports.map((transport) => transport.close()));
}

type SharedOfDataCenter = Omit<TransportOptions, "baseUrl" | "authorization" | "classifyError" | "ca">;

/** The credential's way to a Data Center site: straight to it, below its context path, trusting its own authority. */
export function connectDataCenterSite(
  { url, credential, ca }: DataCenterSiteConfig,
  shared: SharedOfDataCenter,
): Transport {
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
