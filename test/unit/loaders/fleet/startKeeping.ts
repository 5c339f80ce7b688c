import type { ConfluenceSite } from "../../../../src/confluence/port.js";
import type { ChangeEvent, WhatChanged } from "../../../../src/domain/Change.js";
import type { AccountId, GroupId, SiteId } from "../../../../src/domain/ids.js";
import { ChangeEvents } from "../../../../src/loaders/engine/ChangeEvents.js";
import { FleetChanges } from "../../../../src/loaders/fleet/FleetChanges.js";
import { PositionTokens } from "../../../../src/loaders/fleet/positions/PositionTokens.js";
import { createLogger } from "../../../../src/observability/Logger.js";
import type { ManualClock } from "../../../support/ManualClock.js";
import { type MemoryFleet, MemoryStream } from "./MemoryFleet.js";

export const url = "https://acme.example.com/wiki";
export const what: WhatChanged = { kind: "membershipChanged", groupId: "g" as GroupId, accountId: "a" as AccountId };

interface KeepingParts {
  readonly clock: ManualClock;
  readonly fleet: MemoryFleet;
  readonly processId: string;
  readonly siteId?: string;
  readonly url?: string;
  readonly orgId?: string;
  /** One that it serves, by its own address. */
  readonly site?: ConfluenceSite;
  /** How much the clock that only grows has grown beside the other. */
  readonly byOtherClockMs?: () => number;
}

/** A process of which a test sees what it forgets. */
export async function startKeeping({
  clock,
  fleet,
  processId,
  byOtherClockMs = () => 0,
  site,
  ...parts
}: KeepingParts) {
  const stream = new MemoryStream(processId, fleet);
  const changes = new ChangeEvents();
  const forgot: (ChangeEvent | "everything")[] = [];
  const lines: string[] = [];
  const { orgId } = parts;
  const rememberer = {
    site: {
      siteId: site?.siteId ?? ((parts.siteId ?? "acme") as SiteId),
      url: site?.url ?? parts.url ?? url,
      organization: orgId === undefined ? null : { orgId },
    },
    forget: (event: ChangeEvent) => void forgot.push(event),
    forgetAll: () => void forgot.push("everything"),
  };
  changes.join(rememberer);
  const logger = createLogger({ level: "debug", destination: { write: (line) => lines.push(line) } });
  const keeping = new FleetChanges({
    stream,
    engine: stream,
    changes,
    clock,
    elapsedMs: () => clock.now() + byOtherClockMs(),
    logger,
  });
  const positions = site === undefined ? null : keeping.join(site);
  await keeping.start();
  forgot.length = 0;
  return {
    ...{ stream, changes, keeping, positions, forgot, lines },
    tell: (isSeen = false, told = what) => changes.tell(rememberer, told, isSeen),
    /** What it says has been lost, in its log. */
    losses: () => lines.filter((line) => line.includes("may have been missed")).map((line) => JSON.parse(line).reason),
    /** A position as callers are handed it. */
    at: (epoch: string, n: number) => new PositionTokens(stream).inStream(fleet.place(epoch, n)),
  };
}

export type Keeping = Awaited<ReturnType<typeof startKeeping>>;

/** Everything that was asked of the stream is answered, and what came of it asked and answered. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Whether something is over by now. */
export async function isOver(work: Promise<unknown>): Promise<boolean> {
  let over = false;
  void work.then(() => {
    over = true;
  });
  await quiet();
  return over;
}

/** Which number of which stream, or of which process alone. */
export function nameOf(position: string): string {
  return position.split(".").slice(0, 2).join(".");
}
