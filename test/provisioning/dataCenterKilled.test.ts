import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { programFlags } from "../support/engineFlags.js";
import { sendQuery } from "../support/sendQuery.js";
import { type DataCenterStack, startDataCenterStack } from "../support/startDataCenterStack.js";
import { dataCenterIds } from "./dataCenterIds.js";
import { permissionsIn } from "./permissionsIn.js";

/** The built server: `npm test` builds first. */
const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** Another process over the same site and the same audit, which can be killed. */
async function startProcess({ dataCenter, auditPath }: DataCenterStack) {
  const child: ChildProcess = spawn(process.execPath, [...programFlags, main], {
    env: {
      PATH: process.env.PATH,
      PORT: "0",
      LOG_LEVEL: "error",
      CONFLUENCE_URL: dataCenter.url,
      CONFLUENCE_DEPLOYMENT: "datacenter",
      CONFLUENCE_PERSONAL_ACCESS_TOKEN: dataCenter.credentials.personalAccessToken,
      PROVISIONING: "on",
      AUDIT_LOG: auditPath,
    },
  });
  let output = "";
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: unknown) => {
      output += String(chunk);
      const found = /GraphQL\s+(\S+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", () => reject(new Error(output)));
  });
  return { url, [Symbol.dispose]: () => void child.kill("SIGKILL") };
}

it("a process that is killed between a write to Data Center and its reading back leaves an attempt, and the next call the truth", async () => {
  await using stack = await startDataCenterStack({ world: smallDataCenterWorld("10.2.0") });
  using killed = await startProcess(stack);
  const { data } = await sendQuery(killed.url, "{ sites { siteId } }");
  const ids = dataCenterIds(data.sites[0].siteId);
  const document = `mutation {
    it: grantSpaceAccess(input: { space: "${ids.space("OLD")}", principal: "${ids.account(dcUsers.cara)}", permissions: [{ operation: "read", target: "space" }], requestId: "R-7" }) { outcome plan userErrors { code } }
  }`;
  const writes = () => stack.writes().filter((call) => call.endsWith("/grant"));

  await stack.fail({ match: "PUT /rest/api/space/OLD/permissions/**", delayMs: 2_000 });
  const unanswered = sendQuery(killed.url, document).then(
    () => "answered",
    () => "cut",
  );
  const row = `OLD user ${dcUsers.cara} read/space`;
  await expect.poll(() => permissionsIn(stack.sandbox.world()), { timeout: 60_000, interval: 10 }).toContain(row);
  killed[Symbol.dispose]();
  expect(await unanswered).toBe("cut");

  const again = await stack.query(document);
  expect(again.data.it).toEqual({ outcome: "ALREADY_EXISTS", plan: [], userErrors: [] });
  // The sandbox notes a call when it is through with it, here two seconds later.
  await expect.poll(() => writes().length, { timeout: 60_000, interval: 10 }).toBe(1);
  expect(await stack.audit()).toMatchObject([
    { phase: "attempt", action: "grantPermissions", outcome: null, plan: ["grant read/space"], callerRequestId: "R-7" },
    { phase: "result", action: "grantPermissions", outcome: "ALREADY_EXISTS", callerRequestId: "R-7" },
  ]);
}, 180_000);
