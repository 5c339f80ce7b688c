import { subscribe, unsubscribe } from "node:diagnostics_channel";

interface CreatedRequest {
  readonly origin?: string | URL;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

const channel = "undici:request:create";

/**
 * What this process sends to an address from now on, each call as `METHOD /path body`: the sandbox's journal keeps no bodies.
 * Calls of the sandbox's own control routes are left out.
 */
export function recordCalls(url: string) {
  const { origin } = new URL(url);
  const calls: string[] = [];
  const onCreate = (message: unknown) => {
    const { request } = message as { readonly request: CreatedRequest };
    if (String(request.origin) !== origin || request.path.startsWith("/__sandbox")) return;
    const body = request.body === null || request.body === undefined ? "" : ` ${String(request.body)}`;
    calls.push(`${request.method} ${decodeURI(request.path)}${body}`);
  };
  subscribe(channel, onCreate);
  return {
    calls,
    /** Without the calls that only read. */
    writes: () => calls.filter((call) => !/^GET |getSpacePermissionSets/.test(call)),
    forget: () => calls.splice(0),
    [Symbol.dispose]: () => {
      unsubscribe(channel, onCreate);
    },
  };
}
