interface Readiness {
  readonly status: string;
  readonly sites: readonly {
    readonly siteId: string;
    readonly isReady: boolean;
    /** Why not, for programs. */
    readonly code: string | null;
    /** Why not, for people: as the log tells it, since strangers are not told. */
    readonly reason: string | null;
  }[];
}

/** What `/health/ready` says, and what the log says to it. */
export async function readReadiness(url: string, logLines: readonly string[]): Promise<Readiness> {
  const response = await fetch(new URL("/health/ready", url));
  const { status, sites } = (await response.json()) as {
    status: string;
    sites: { siteId: string; isReady: boolean; reason: string | null }[];
  };
  return {
    status,
    sites: sites.map(({ siteId, isReady, reason: code }) => ({
      ...{ siteId, isReady, code },
      reason: isReady ? null : lastReason(siteId, logLines),
    })),
  };
}

function lastReason(siteId: string, logLines: readonly string[]): string | null {
  for (const line of [...logLines].reverse()) {
    if (!line.includes("site is not ready: ")) continue;
    const told = JSON.parse(line) as { siteId?: string; msg: string };
    if (told.siteId === siteId) return told.msg.replace("site is not ready: ", "");
  }
  return null;
}
