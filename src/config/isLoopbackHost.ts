import { isIPv4 } from "node:net";

/**
 * True for the names and addresses that only this machine can reach: `localhost`, names under `.localhost`, 127.0.0.0/8
 * and ::1, with or without brackets. Any other name is not trusted, whatever it resolves to.
 */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  if (name === "::1" || name === "localhost" || name.endsWith(".localhost")) return true;
  const mapped = name.startsWith("::ffff:") ? name.slice("::ffff:".length) : name;
  return isIPv4(mapped) && mapped.startsWith("127.");
}
