import type { RunningDataCenter } from "../RunningSandbox.js";

/** One line on the credentials that act as nobody or as no administrator; empty where all act as they are meant to. */
export function noteCredentials({ actingAs: { administrator, reader } }: RunningDataCenter): string {
  const notes: string[] = [];
  if (administrator === null) {
    notes.push("token and password act as nobody, for the world has no active administrator");
  } else if (!administrator.isAdministrator) {
    notes.push(`token and password act as ${administrator.username}, who is no administrator`);
  }
  if (reader === null) notes.push("the reader's token acts as nobody, for the world has nobody else who is active");
  return notes.length === 0 ? "" : `Data Center: ${notes.join("; ")}.\n`;
}
