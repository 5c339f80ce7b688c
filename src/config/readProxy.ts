import type { ConfigFault, ProxyConfig } from "./Config.js";
import { Secret } from "./Secret.js";
import { faultOf, type ReadSettings } from "./settings/readSettings.js";
import { readCertificates } from "./sites/resolveSite.js";

const names = ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"] as const;

/** No proxy knows the way to it. */
const thisMachine = ["localhost", "127.0.0.1", "::1"];

/** The environment with what names a proxy in capitals, where it is in small letters alone. */
export function spellProxies(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const spelled = { ...env };
  for (const name of names) {
    const small = env[name.toLowerCase()];
    if ((env[name] ?? "") === "" && small !== undefined) spelled[name] = small;
  }
  return spelled;
}

/** The proxy on the way to Atlassian and to an identity provider, or none. */
export function readProxy({ values }: ReadSettings, faults: ConfigFault[]): ProxyConfig | null {
  const url = values.HTTPS_PROXY ?? values.HTTP_PROXY;
  if (url === undefined) return null;
  const tell = (problem: string) => void faults.push(faultOf("PROXY_CA_FILE", problem));
  return {
    url: new Secret(url),
    exceptions: [...thisMachine, ...(values.NO_PROXY ?? "").split(/[\s,]+/).filter((exception) => exception !== "")],
    ca: values.PROXY_CA_FILE === undefined ? null : readCertificates(values.PROXY_CA_FILE, tell),
  };
}
