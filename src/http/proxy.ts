import { BlockList, isIP } from "node:net";
import { rootCertificates } from "node:tls";
import { domainToASCII } from "node:url";
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
  const host = hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
  return !exceptions.some((exception) => covers(exception, host, port || "443"));
}

/**
 * `*` is everything; `.example.com`, `*.example.com` and `example.com` are the domain and what is below it, `*example.com` all that
 * ends so; `10.0.0.0/8` is a range of addresses. A port may follow, but no range. No name is looked up for its address.
 */
function covers(exception: string, host: string, port: string): boolean {
  const [, name = "", onlyPort] =
    isIP(exception) === 6 ? [exception, exception] : (/^\[?([^\]]*?)\]?(?::(\d+))?$/.exec(exception) ?? []);
  if (onlyPort !== undefined && Number(onlyPort) !== Number(port)) return false;
  if (name === "*") return true;
  const family = familyOf(host);
  const [address = "", length, ...more] = name.split("/");
  if (isIP(address) !== 0 || length !== undefined) {
    if (family === null || more.length > 0) return false;
    return rangeOf(address, length)?.check(host, family) === true;
  }
  const [, before = "", written = ""] = /^(\*?\.?)(.*)$/.exec(name) ?? [];
  const domain = domainToASCII(written.replace(/\.$/, ""));
  if (domain === "" || host === domain) return domain !== "";
  return family === null && host.endsWith(before === "*" ? domain : `.${domain}`);
}

/** The addresses of a range, or the one address in all its spellings; `null` where it is none. */
function rangeOf(address: string, length: string | undefined): BlockList | null {
  const family = familyOf(address);
  if (family === null) return null;
  const bits = family === "ipv4" ? 32 : 128;
  if (length !== undefined && !(/^\d{1,3}$/.test(length) && Number(length) <= bits)) return null;
  const range = new BlockList();
  range.addSubnet(address, length === undefined ? bits : Number(length), family);
  return range;
}

function familyOf(host: string): "ipv4" | "ipv6" | null {
  const version = isIP(host);
  if (version === 0) return null;
  return version === 4 ? "ipv4" : "ipv6";
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
