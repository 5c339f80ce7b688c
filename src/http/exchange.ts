import type { Dispatcher, Pool } from "undici";
import { readNetworkCode } from "./readNetworkCode.js";
import type { HttpAnswer } from "./Transport.js";

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
  /** The body was longer than the pool's cap and was not read. */
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
  try {
    const text = await body.text();
    return { status: statusCode, headers, text, bytes: Buffer.byteLength(text), isTooLarge: false };
  } catch (error) {
    if (readNetworkCode(error) !== "UND_ERR_RES_EXCEEDED_MAX_SIZE") throw error;
    return { status: statusCode, headers, text: "", bytes: 0, isTooLarge: true };
  }
}
