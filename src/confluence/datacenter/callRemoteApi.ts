import type { Secret } from "../../config/Secret.js";
import { SiteError } from "../../domain/SiteError.js";
import { cleanExcerpt, describeErrorBody, readBodySecrets } from "../../http/errors.js";
import { adviceFromText } from "./adviceFromText.js";
import type { DataCenterContext } from "./DataCenterContext.js";

interface RemoteCall {
  readonly method: string;
  readonly parameters: readonly unknown[];
  /** Whether it only reads, so that it may be repeated. */
  readonly isRead?: boolean;
  readonly secrets?: readonly Secret[];
}

/**
 * A call of the JSON-RPC API, deprecated and there in every version unless it is switched off (401, 404 or 405:
 * `Unsupported`). Its failures are an `error` in a 200.
 */
export async function callRemoteApi({ client, features }: DataCenterContext, remote: RemoteCall): Promise<unknown> {
  const { method, parameters, isRead = false, secrets = [] } = remote;
  const call = `POST /rpc/json-rpc/confluenceservice-v2/${method}`;
  const { body } = await features.whereOffered("remoteApi", () =>
    client.transport.send({
      method: "POST",
      call,
      path: `/rpc/json-rpc/confluenceservice-v2/${method}`,
      body: parameters,
      isReplaySafe: isRead,
      secrets,
    }),
  );
  if (typeof body !== "object" || body === null || !("error" in body)) return body ?? null;
  const said = describeErrorBody(body.error) ?? "no reason given";
  throw remoteError(call, cleanExcerpt(said, readBodySecrets(secrets)).replace(/^[\w.]+\.(\w+Exception)\b/, "$1"));
}

/** "Not allowed, or it does not exist" is one sentence there: what cannot be told apart is not visible. */
function remoteError(call: string, text: string): SiteError {
  const isMissing = /\bno space\b|does(n't| not) exist/i.test(text);
  const isForbidden = /not ?permitted|permission|not allowed/i.test(text);
  const kind = isMissing ? "NotVisible" : isForbidden ? "AccessRefused" : "RequestRejected";
  const advice =
    adviceFromText(text) ??
    (isForbidden
      ? "The credential is valid but may not do this: give its account the permission."
      : "Asking again without a change will not help.");
  return new SiteError(kind, `${call} answered with an error: "${text}". ${advice}`, { call, status: 200 });
}
