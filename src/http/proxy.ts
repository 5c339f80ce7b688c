import { isIP } from "node:net";
import { rootCertificates } from "node:tls";
import { type buildConnector, type Dispatcher, Pool, ProxyAgent } from "undici";
import type { ProxyConfig } from "../config/Config.js";
import { tunnelErrorOf } from "./errors.js";

/**
 * Whether calls to an origin go through the proxy: those over TLS do, in a tunnel that it cannot look into. Those over plain
 * HTTP never do, for it would read the credential; nor does what the exceptions name.
 */
export function isProxied(origin: string, { exceptions }: Pick<ProxyConfig, "exceptions">): boolean {
  const { protocol, hostname, port } = new URL(origin);
  if (protocol !== "https:") return false;
  const host = hostname.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  return !exceptions.some((exception) => covers(exception.toLowerCase(), host, port || "443"));
}

/** `*` is everything; `.example.com`, `*.example.com` and `example.com` are the domain and what is below it; a port may follow. */
function covers(exception: string, host: string, port: string): boolean {
  if (exception === "*") return true;
  const [, name = "", onlyPort] = /^\[?([^\]]*?)\]?(?::(\d+))?$/.exec(exception) ?? [];
  if (onlyPort !== undefined && onlyPort !== port && isIP(exception) === 0) return false;
  const domain = (isIP(exception) === 6 ? exception : name).replace(/^\*?\./, "");
  return domain !== "" && (host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`)));
}

/** Connections to an origin, through the proxy where there is one for it. */
export function openWay(
  origin: string,
  { ca, ...options }: Pool.Options & { readonly ca: string | undefined; readonly connectTimeout: number },
  proxy: ProxyConfig | null,
): Dispatcher {
  const trusting = (certificate: string | null | undefined) =>
    certificate == null ? {} : { ca: [...rootCertificates, certificate] };
  if (proxy === null || !isProxied(origin, proxy))
    return new Pool(origin, ca === undefined ? options : { ...options, connect: trusting(ca) });
  const timeout = { timeout: options.connectTimeout };
  return new ProxyAgent({
    ...options,
    uri: proxy.url.reveal(),
    proxyTunnel: true,
    requestTls: { ...trusting(ca), ...timeout },
    proxyTls: { ...trusting(proxy.ca), ...timeout },
    // One that takes the request for a way and says nothing would hold it for minutes, and our own end too.
    clientFactory: (url, wiring: Pool.Options) => new Pool(url, { ...wiring, headersTimeout: options.connectTimeout }),
    factory: (target, wiring: Pool.Options) => new Pool(target, { ...wiring, connect: failingOnce(wiring.connect) }),
  });
}

/**
 * A connector whose failure is the call's. undici connects anew without a pause, and without an end, as long as the proxy closes
 * the connection without an answer: thousands of times a second (7.30.2, found 2026-11-30).
 */
function failingOnce(connect: Pool.Options["connect"]): buildConnector.connector {
  if (typeof connect !== "function") throw new TypeError("A proxy's agent brings its own connector.");
  return (options, callback) =>
    connect(options, (...opened) =>
      opened[0] === null ? callback(...opened) : callback(tunnelErrorOf(opened[0]), null),
    );
}
