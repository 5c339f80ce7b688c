import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSites } from "./startSites.js";

interface AccountsOptions {
  readonly hasOrganization?: boolean;
  readonly hasScim?: boolean;
  readonly isOn?: boolean;
  readonly hiddenEmails?: readonly string[];
  /** The directory goes on showing whom it deleted, as inactive. */
  readonly scimShowsDeleted?: boolean;
}

/** One site that provisions, with or without its organization, and an audit file of its own. */
export async function startAccounts(world: unknown, options: AccountsOptions = {}) {
  const { hasOrganization = true, hasScim = true, isOn = true, hiddenEmails = [], scimShowsDeleted = false } = options;
  const folder = await mkdtemp(join(tmpdir(), "audit-"));
  const auditPath = join(folder, "audit.jsonl");
  const stack = await startSites(
    [
      {
        id: "a",
        world,
        credential: "api-token",
        hasOrganization,
        hasScim,
        sandbox: { hiddenEmails, scimShowsDeleted },
        entry: { provisioning: isOn },
      },
    ],
    { AUDIT_LOG: auditPath },
  );
  const { data } = await stack.query(
    "{ accounts { nodes { id accountId } } groups { nodes { id name } } spaces { nodes { id key } } }",
  );
  const ids = new Map<string, string>([
    ...data.accounts.nodes.map(({ id, accountId }: { id: string; accountId: string }) => [accountId, id]),
    ...data.groups.nodes.map(({ id, name }: { id: string; name: string }) => [name, id]),
    ...data.spaces.nodes.map(({ id, key }: { id: string; key: string }) => [key, id]),
  ]);
  await stack.forgetCalls("a");
  return {
    ...stack,
    /** The global id of what the world calls so: an account id, the name of a group, the key of a space. */
    idOf: (name: string): string => ids.get(name) ?? "",
    /** Writes that reached the sandbox since the journal was emptied. */
    writes: () =>
      stack
        .sandboxOf("a")
        .journal()
        .map(({ method, path }) => `${method} ${decodeURIComponent(path)}`)
        .filter((call) => !/^GET |users-bulk|users\/search|check-access/.test(call)),
    /** What an identity provider would write: answers the user that the directory has under a name. */
    scim: async (method: string, userName: string, body: unknown = undefined): Promise<Response> => {
      const { url, credentials } = stack.sandboxOf("a");
      const { directoryId, key } = credentials.scim;
      const base = `${url}/scim/directory/${directoryId}/Users`;
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/scim+json" };
      const filter = encodeURIComponent(`userName eq "${userName}"`);
      const found = (await (await fetch(`${base}?filter=${filter}`, { headers })).json()) as {
        Resources: { id: string }[];
      };
      const [user] = found.Resources;
      if (user === undefined) throw new Error(`nobody is named ${userName}`);
      const init = body === undefined ? {} : { body: JSON.stringify(body) };
      return fetch(`${base}/${user.id}`, { method, headers, ...init });
    },
    /** The accounts as the sandbox has them. */
    accountNamed: (accountId: string) =>
      stack
        .sandboxOf("a")
        .world()
        .cloud?.accounts.find((each) => each.accountId === accountId),
    fail: (...faults: readonly Readonly<Record<string, unknown>>[]) => stack.fail("a", ...faults),
    accept: (email: string) =>
      fetch(`${stack.sandboxOf("a").url}/__sandbox/invitations`, {
        method: "POST",
        body: JSON.stringify({ accept: [email] }),
      }),
    audit: async (): Promise<Record<string, unknown>[]> =>
      (await readFile(auditPath, "utf8").catch(() => ""))
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    [Symbol.asyncDispose]: async () => {
      await stack[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
