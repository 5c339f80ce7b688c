import type { EngineArgument } from "../FleetEngine.js";

/** Why nothing more is expected of a connection. */
export type LostReason = "closed" | "garbage";

/** A way to the engine: one connection, or one to each node of a cluster. Once closed or lost it stays so. */
export interface Connection {
  /** Rejects with what the engine refused it by, or because the connection ended; then nobody knows whether it was carried out. */
  send(command: string, args: readonly EngineArgument[]): Promise<unknown>;
  /** Ends it at once: what has no answer yet gets none, and what was not sent yet is not sent. */
  close(): void;
}

/** Opens a connection, and tells once when it is lost. One that is not open yet when nobody waits for it any more is given up. */
export type Connect = (onLost: (reason: LostReason) => void, givenUp: AbortSignal) => Promise<Connection>;
