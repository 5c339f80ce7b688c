import type { ChangeFault } from "../domain/Change.js";

/** What every change of a site answers while changes are switched off there. */
export function provisioningDisabled(siteId: string): ChangeFault {
  const message = `Changes are switched off for site ${siteId}. Set PROVISIONING=on (or \`provisioning: true\` in the sites file) to allow them.`;
  return { code: "PROVISIONING_DISABLED", field: [], message };
}
