import { defaultDataCenterCredentials } from "../datacenter/DataCenterCredentials.js";
import { defaultCredentials } from "../oauth/defaultCredentials.js";
import type { RunningDataCenter, RunningSandbox } from "../RunningSandbox.js";

/** What the command prints once it listens: of each half that the world has, address and credentials; then the control routes. */
export function banner(sandbox: RunningSandbox): string {
  const { url, cloudId, dataCenter } = sandbox;
  const isBoth = cloudId !== null && dataCenter !== null;
  return `${cloudId === null ? "" : cloudBanner(sandbox, cloudId)}${dataCenter === null ? "" : dataCenterBanner(dataCenter)}Control routes (no credential${isBoth ? ", at either address" : ""}):
  GET, DELETE       ${url}/__sandbox/journal
  GET, POST, DELETE ${url}/__sandbox/faults
  GET, POST         ${url}/__sandbox/credentials
  GET, POST         ${url}/__sandbox/invitations
  POST              ${url}/__sandbox/reset
  GET               ${url}/__sandbox/world
`;
}

function cloudBanner({ url, credentials }: RunningSandbox, cloudId: string): string {
  const { basic, scopedToken, serviceAccountToken, oauth, organization, scim } = credentials;
  const absent = defaultCredentials;
  return `Sandbox of Confluence Cloud: ${url}
Behind the gateway:          ${url}/ex/confluence/${cloudId}
Credentials:
  site       Basic   ${basic.email} : ${shown(basic.apiToken, absent.basic.apiToken)}
  gateway    Basic   ${scopedToken.email} : ${shown(scopedToken.apiToken, absent.scopedToken.apiToken)}
             Bearer  ${shown(serviceAccountToken, absent.serviceAccountToken)}
             OAuth   ${oauth.clientId} : ${shown(oauth.clientSecret, absent.oauth.clientSecret)} at POST ${url}/oauth/token
  /admin     Bearer  ${shown(organization.apiKey, absent.organization.apiKey)} for organization ${organization.orgId}
  /scim      Bearer  ${shown(scim.key, absent.scim.key)} for directory ${scim.directoryId}
`;
}

function dataCenterBanner({ url, version, credentials }: RunningDataCenter): string {
  const { personalAccessToken, username, password, readerToken } = credentials;
  const absent = defaultDataCenterCredentials;
  return `Sandbox of Confluence Data Center ${version}: ${url}
  token      Bearer  ${shown(personalAccessToken, absent.personalAccessToken)}
  password   Basic   ${username} : ${shown(password, absent.password)}
  reader     Bearer  ${shown(readerToken, absent.readerToken)} (no administrator)
`;
}

/** The default secrets open only sandboxes and are printed; one of the user's own is not. */
function shown(secret: string, absent: string): string {
  return secret === absent ? secret : "(the one you gave)";
}
