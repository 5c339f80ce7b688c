import type { Readable } from "node:stream";
import type { Dispatcher, Pool } from "undici";
import { readNetworkCode } from "./readNetworkCode.js";
import type { HttpAnswer } from "./Transport.js";

/** No error body says anything beyond this, and one of many megabytes must not be read closely. */
const longestErrorBytes = 64 * 1024;

export interface WireRequest {
  readonly method: Dispatcher.HttpMethod;
  readonly target: string;
  readonly headers: Record<string, string>;
  readonly body: string | null;
}

/** What came back, whatever its status. */
export interface Reply {
  readonly status: number;
  readonly headers: HttpAnswer["headers"];
  readonly text: string;
  readonly bytes: number;
  /** The body was longer than the pool's cap and was not read. An error's is cut without that. */
  readonly isTooLarge: boolean;
}

/** One request and its reply on the pool. Rejects with the network's own error, or with the signal's reason. */
export async function exchange(pool: Pool, wire: WireRequest, signal: AbortSignal): Promise<Reply> {
  const { statusCode, headers, body } = await pool.request({
    method: wire.method,
    path: wire.target,
    headers: wire.headers,
    body: wire.body,
    signal,
  });
  if (statusCode < 200 || statusCode > 299)
    return { status: statusCode, headers, ...(await readStart(body)), isTooLarge: false };
  try {
    const text = await body.text();
    return { status: statusCode, headers, text, bytes: Buffer.byteLength(text), isTooLarge: false };
  } catch (error) {
    if (readNetworkCode(error) !== "UND_ERR_RES_EXCEEDED_MAX_SIZE") throw error;
    return { status: statusCode, headers, text: "", bytes: 0, isTooLarge: true };
  }
}

/** The beginning of a body; what is longer is cut off, and its connection with it. */
async function readStart(body: Readable): Promise<Pick<Reply, "text" | "bytes">> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > longestErrorBytes) break;
    }
  } catch (error) {
    if (readNetworkCode(error) !== "UND_ERR_RES_EXCEEDED_MAX_SIZE") throw error;
  }
  return { text: Buffer.concat(chunks).subarray(0, longestErrorBytes).toString("utf8"), bytes };
}
