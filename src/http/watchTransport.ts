import { SiteError } from "../domain/SiteError.js";
import type { Transport } from "./Transport.js";

/** The same transport, telling every failure to a watcher before it reaches the caller. */
export function watchTransport(transport: Transport, onFailure: (error: SiteError) => void): Transport {
  return {
    async send(request) {
      try {
        return await transport.send(request);
      } catch (error) {
        if (error instanceof SiteError) onFailure(error);
        throw error;
      }
    },
    close: () => transport.close(),
  };
}
