import type { Deployment } from "./Deployment.js";

/**
 * One string for all spellings of a group's id or name. On Data Center the name is the id and compares whatever its case; on
 * Cloud ids are UUIDs, and names tell cases apart.
 */
export function groupSpelling(deployment: Deployment, text: string): string {
  return deployment === "datacenter" ? text.toLowerCase() : text;
}
