import { z } from "zod";
import type { CloudCredential } from "../../config/sites/credentials.js";
import { type CloudSiteConfig, certificateAdvice } from "../../config/sites/SiteConfig.js";
import type { AccountId } from "../../domain/ids.js";
import { isOfKind, SiteError } from "../../domain/SiteError.js";
import { ConcurrencyLimit } from "../../http/admission/ConcurrencyLimit.js";
import { ClientCredentials } from "../../http/ClientCredentials.js";
import { createTransport, type TransportOptions } from "../../http/createTransport.js";
import {
  type AuthorizationSource,
  createLazyTransport,
  type HttpRequest,
  type Transport,
} from "../../http/Transport.js";
import { workForAll } from "../../http/Waiting.js";
import type { Caller } from "../port.js";
import { readShape } from "../readShape.js";
import type { CloudClient } from "./client.js";
import { classifyCloudError } from "./errors.js";
import { cloudLimits } from "./limits.js";
import { currentUserWire } from "./wire.js";

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
    createTransport({ ...shared, baseUrl, authorization, classifyError: classifyCloudError, certificateAdvice });
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
    certificateAdvice,
    authorization: { header: () => undefined },
    // A limit of its own: a site's throttling is no reason to wait with a token.
    concurrencyLimit: new ConcurrencyLimit({ concurrency: cloudLimits.tokenConcurrency, clock: shared.clock }),
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
    reading ??= workForAll(read).catch((error: unknown) => {
      reading = null;
      throw error;
    });
    return reading;
  };
}

async function closeAll(transports: readonly Transport[]): Promise<void> {
  await Promise.all(transports.map((transport) => transport.close()));
}

const tenantCall = "GET /_edge/tenant_info";
const tenantWire = z.object({ cloudId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });

/** The cloud id of the site at an address; needs no credential. */
async function fetchCloudId(site: Transport): Promise<string> {
  try {
    return readShape(
      tenantWire,
      (await site.send({ method: "GET", call: tenantCall, path: "/_edge/tenant_info" })).body,
      tenantCall,
    ).cloudId;
  } catch (error) {
    if (!isOfKind(error, "NotVisible")) throw error;
    throw new SiteError(
      "Misconfigured",
      `${tenantCall} answered 404, so the cloud id is not known. Check the site's address, or set the cloud id yourself.`,
      { call: tenantCall, status: 404, cause: error },
    );
  }
}

/**
 * Who the credential is. One that may not ask is proved by any other call that it may make, and then nobody knows who it is.
 * A credential that is silently taken for anonymous is rejected.
 */
export async function fetchCaller(client: CloudClient): Promise<Caller> {
  try {
    return await fetchCurrentUser(client);
  } catch (error) {
    if (!isRightMissing(error)) throw error;
    if (await mayMakeAnyCall(client)) return { accountId: null, displayName: null };
    throw error;
  }
}

async function fetchCurrentUser(client: CloudClient): Promise<Caller> {
  const call = "GET /wiki/rest/api/user/current";
  const user = await client.fetchOne({ method: "GET", call, path: "/wiki/rest/api/user/current" }, currentUserWire);
  if (user.type === "anonymous" || !user.accountId) {
    throw new SiteError(
      "CredentialRejected",
      `${call} answered that we are anonymous: the site ignored the credential. Check the e-mail address and the API token.`,
      { call, status: 200 },
    );
  }
  return { accountId: user.accountId as AccountId, displayName: user.displayName ?? null };
}

/** One at a time, until one is answered; each needs another scope. */
async function mayMakeAnyCall(client: CloudClient): Promise<boolean> {
  for (const { path, query } of otherProofs) {
    try {
      await client.transport.send({ method: "GET", call: `GET ${path}`, path, query });
      return true;
    } catch (error) {
      // What a site does not have proves nothing either way.
      if (!isOfKind(error, "NotVisible") && !isRightMissing(error)) throw error;
    }
  }
  return false;
}

const otherProofs: readonly { readonly path: string; readonly query: NonNullable<HttpRequest["query"]> }[] = [
  { path: "/wiki/rest/api/group", query: { limit: 1 } },
  { path: "/wiki/api/v2/spaces", query: { limit: 1 } },
  { path: "/wiki/api/v2/space-roles", query: { limit: 1 } },
  { path: "/wiki/api/v2/space-role-mode", query: {} },
];

function isRightMissing(error: unknown): boolean {
  return isOfKind(error, "ScopeMissing", "AccessRefused");
}
