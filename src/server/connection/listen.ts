import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import type { ServerConfig } from "../../config/Config.js";

/** Addresses that mean "every interface": nobody can call them, so the loopback one is shown instead. */
const everyInterface: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "[::1]" };

/** The server may not or cannot listen; the message says what to change. */
export class CannotListen extends Error {
  override readonly name = "CannotListen";
}

/**
 * Listens and answers with the URL, holding the port that was really taken. `localhost` is taken as 127.0.0.1: the
 * framework would open a second server for ::1 that a shutdown could not see. What is wrong is told by the variables' names,
 * which begin with the prefix.
 * @throws {CannotListen}
 */
export async function listen(
  fastify: FastifyInstance,
  { host, port }: Pick<ServerConfig, "host" | "port">,
  prefix: "" | "METRICS_" = "",
): Promise<string> {
  try {
    await fastify.listen({ host: host === "localhost" ? "127.0.0.1" : host, port });
  } catch (cause) {
    throw new CannotListen(explain(cause, host, port, prefix), { cause });
  }
  const { port: taken } = fastify.server.address() as AddressInfo;
  const shown = everyInterface[host] ?? (host.includes(":") ? `[${host}]` : host);
  return `http://${shown}:${taken}`;
}

function explain(cause: unknown, host: string, port: number, prefix: string): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} on ${host} is in use. Stop the program that has it, or set ${prefix}PORT to another number (0 picks a free one).`;
    case "EACCES":
      return `Port ${port} may not be opened by this user. Set ${prefix}PORT to a number above 1023.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `${host} is not an address of this machine. Set ${prefix}HOST to one that is, such as 127.0.0.1.`;
    default:
      return `The server cannot listen on ${host}, port ${port}: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}
