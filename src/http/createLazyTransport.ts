import type { Transport } from "./Transport.js";

/**
 * A transport whose address has to be found out first, by the first call that needs it. A failure to find it is that
 * call's failure; the next call tries again. Callers that come meanwhile share one attempt.
 */
export function createLazyTransport(connect: () => Promise<Transport>): Transport {
  let connecting: Promise<Transport> | null = null;
  return {
    async send(request) {
      connecting ??= connect();
      try {
        return await (await connecting).send(request);
      } finally {
        const attempt = connecting;
        attempt?.catch(() => {
          if (connecting === attempt) connecting = null;
        });
      }
    },
    async close() {
      const opened = await connecting?.catch(() => null);
      await opened?.close();
    },
  };
}
