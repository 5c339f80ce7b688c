import type { EngineAddress } from "../../config/fleet/FleetConfig.js";
import type { EngineArgument, EngineReply } from "../../fleet/FleetEngine.js";
import { engineCommands, leastRules } from "../../fleet/redis/engineCommands.js";
import { refusalOf } from "../../fleet/redis/readReply.js";
import type { Sealer } from "../../fleet/Sealer.js";
import type { Examination } from "./Examination.js";

/** Asks the engine; rejects with what it refuses by. */
export type Ask = (command: string, ...args: readonly EngineArgument[]) => Promise<EngineReply | undefined>;

/** Scopes that are tried over a cluster, so that hardly a node of it is left out: each has users of its own. */
const scopesOfCluster = 16;

/** What of all that processes do its user may not, and what else stood in the way. */
interface Found {
  readonly denied: Set<string>;
  mayTouch: boolean;
  reason: string | null;
}

/** Whether the user may do all that processes do, by doing it; and says what it lacks. */
export async function noteRights(
  examination: Examination,
  ask: Ask,
  { address, sealer }: { readonly address: EngineAddress; readonly sealer: Sealer },
): Promise<boolean> {
  const found: Found = { denied: new Set(), mayTouch: true, reason: null };
  for (let scope = 0; scope < (address.isCluster ? scopesOfCluster : 1); scope += 1) {
    await tryAll(ask, sealer.key(`doctor ${scope}`, ["tried"]), found);
    if (found.reason !== null) break;
  }
  const { denied, mayTouch, reason } = found;
  if (mayTouch) examination.note("keys cag:*", "ok", "its user may touch them");
  else examination.note("keys cag:*", "failed", "its user may not touch them: give it ~cag:*", "sharing");
  if (denied.size > 0) {
    const rest = denied.has("SET") ? ", and perhaps not what is tried after it" : "";
    const finding = `its user may not run ${[...denied].join(", ")}${rest}: it needs ${leastRules(address)}`;
    examination.note("commands", "failed", finding, "sharing");
  } else if (reason !== null) examination.note("commands", "failed", reason, "sharing");
  else if (mayTouch) {
    examination.note("commands", "ok", `its user may run all ${Object.keys(engineCommands).length} that are used`);
  }
  return denied.size === 0 && mayTouch && reason === null;
}

async function tryAll(ask: Ask, key: string, found: Found): Promise<void> {
  for (const [command, argsOf] of Object.entries(engineCommands)) {
    try {
      await ask(command, ...argsOf(key));
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === "noperm" && isOfKeys(error)) found.mayTouch = false;
      else if (refusal === "noperm") found.denied.add(command);
      else if (refusal !== "wrongtype" && refusal !== "noscript") {
        found.reason = refusal === null ? "it stopped answering" : refusedBecause(refusal);
        return;
      }
      // Without its text the rest of them would leave something there.
      if (command === "SET") return;
    }
  }
}

/** Only the words are looked at: they may name the key. */
function isOfKeys(error: unknown): boolean {
  return error instanceof Error && /access .*\bkeys?\b/i.test(error.message);
}

function refusedBecause(refusal: string): string {
  if (refusal === "oom") return "it is full and takes nothing: give it more memory, and maxmemory-policy volatile-lru";
  if (refusal === "readonly") return "it takes nothing, because it is a replica: name the primary";
  if (refusal === "misconf") {
    return "it takes nothing, because it cannot write its snapshots: see to its disk, or have it write none";
  }
  return `it refuses what is tried (${refusal.toUpperCase()}): its own log says more`;
}
