import { z } from "zod";
import type { AccountId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { HttpRequest, Transport } from "../../http/Transport.js";
import type { Caller } from "../port.js";
import { readShape } from "../readShape.js";
import type { CloudClient } from "./client.js";
import { currentUserWire } from "./wire.js";

const call = "GET /_edge/tenant_info";
const shape = z.object({ cloudId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });

/** The cloud id of the site at an address; needs no credential. */
export async function fetchCloudId(site: Transport): Promise<string> {
  try {
    return readShape(shape, (await site.send({ method: "GET", call, path: "/_edge/tenant_info" })).body, call).cloudId;
  } catch (error) {
    if (!(error instanceof SiteError) || error.kind !== "NotVisible") throw error;
    throw new SiteError(
      "Misconfigured",
      `${call} answered 404, so the cloud id is not known. Check the site's address, or set the cloud id yourself.`,
      { call, status: 404, cause: error },
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
      const isSilent = error instanceof SiteError && error.kind === "NotVisible";
      if (!isSilent && !isRightMissing(error)) throw error;
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
  return error instanceof SiteError && (error.kind === "ScopeMissing" || error.kind === "AccessRefused");
}
