import { z } from "zod";
import type { Clock } from "../../domain/Clock.js";
import type { Complete } from "../../domain/Complete.js";
import type { AccountId } from "../../domain/ids.js";
import type { DirectoryPerson } from "../../domain/Organization.js";
import { isOfKind, SiteError } from "../../domain/SiteError.js";
import { readPages } from "../../http/paging.js";
import type { Transport } from "../../http/Transport.js";
import { organizationLimits } from "../limits.js";
import type { ScimDirectory, ScimUser } from "../organizationPort.js";
import { readShape, textOrNull } from "../readShape.js";

interface ScimOptions {
  readonly directoryId: string;
  readonly transport: Transport;
}

const users = "/scim/directory/{directoryId}/Users";

/** One user at a time of the synchronised directory, read fresh and written. */
export function createScimDirectory({ directoryId, transport }: ScimOptions): ScimDirectory {
  const path = `/scim/directory/${directoryId}/Users`;
  const pathOf = (scimId: string) => `${path}/${encodeURIComponent(scimId)}`;
  return {
    byUserName: async (userName) => {
      const call = `GET ${users}`;
      const answer = await transport.send({
        method: "GET",
        call,
        path,
        // The value is a JSON text: quotes in a name must not end it.
        query: { filter: `userName eq ${JSON.stringify(userName)}`, count: 2 },
      });
      const page = readShape(scimUsersWire, answer.body, call);
      const [user] = page.Resources ?? [];
      if (user !== undefined) return mapUser(user);
      if (page.totalResults === 0) return null;
      const message = `${call} counts ${page.totalResults} users of this name and gives none, so nobody knows whether there is one.`;
      throw new SiteError("ReadIncomplete", message, { call });
    },
    byId: async (scimId) => {
      const call = `GET ${users}/{userId}`;
      try {
        const answer = await transport.send({ method: "GET", call, path: pathOf(scimId) });
        return mapUser(readShape(scimUserWire, answer.body, call));
      } catch (error) {
        if (isOfKind(error, "NotVisible")) return null;
        throw error;
      }
    },
    create: async ({ email, givenName, familyName, displayName }) => {
      await transport.send({
        method: "POST",
        call: `POST ${users}`,
        path,
        body: {
          schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
          userName: email,
          emails: [{ value: email, type: "work", primary: true }],
          name: {
            ...(givenName === null ? {} : { givenName }),
            ...(familyName === null ? {} : { familyName }),
          },
          displayName: displayName ?? ([givenName, familyName].filter((name) => name !== null).join(" ") || email),
          active: true,
        },
      });
    },
    setActive: async (scimId, isActive) => {
      await transport.send({
        method: "PATCH",
        call: `PATCH ${users}/{userId}`,
        path: pathOf(scimId),
        body: {
          schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
          Operations: [{ op: "replace", path: "active", value: isActive }],
        },
      });
    },
    remove: async (scimId) => {
      await transport.send({ method: "DELETE", call: `DELETE ${users}/{userId}`, path: pathOf(scimId) });
    },
  };
}

/** Everyone in the synchronised directory who is joined to an Atlassian account. */
export async function fetchDirectoryPeople(
  { directoryId, transport }: ScimOptions,
  clock: Clock,
): Promise<Complete<DirectoryPerson>> {
  const call = `GET ${users}`;
  const list = await readPages<ScimUserWire, number>({
    call,
    // SCIM counts from one.
    first: 1,
    pageSize: organizationLimits.peopleAPage,
    clock,
    missing: (count) => `people of the synchronised directory after the first ${count}`,
    fetchPage: async ({ position, limit, tries }) => {
      const answer = await transport.send({
        tries,
        method: "GET",
        call,
        path: `/scim/directory/${directoryId}/Users`,
        query: { startIndex: position, count: limit },
      });
      const page = readShape(scimUsersWire, answer.body, call);
      const rows = page.Resources ?? [];
      const next = position + rows.length;
      return { rows, next: next > page.totalResults ? null : next };
    },
  });
  return { ...list, items: list.items.flatMap((user) => mapDirectoryPerson(user) ?? []) };
}

function mapUser(user: ScimUserWire): ScimUser | null {
  if (!user.id) return null;
  const accountId = user[atlassianExtension]?.atlassianAccountId;
  return {
    scimId: user.id,
    accountId: accountId ? (accountId as AccountId) : null,
    isActive: user.active !== false,
    email: primaryEmail(user),
  };
}

/** The one that is marked, else the only one. */
function primaryEmail({ emails }: ScimUserWire): string | null {
  const told = emails ?? [];
  const primary = told.find((each) => each.primary === true) ?? (told.length === 1 ? told[0] : undefined);
  return primary?.value || null;
}

/** A SCIM user as a person; `null` for one that is not joined to an Atlassian account yet. */
function mapDirectoryPerson(user: ScimUserWire): DirectoryPerson | null {
  const accountId = user[atlassianExtension]?.atlassianAccountId;
  if (!accountId) return null;
  return {
    accountId: accountId as AccountId,
    scimId: user.id ?? null,
    givenName: textOrNull(user.name?.givenName),
    familyName: textOrNull(user.name?.familyName),
    department: textOrNull(user[enterpriseExtension]?.department) ?? textOrNull(user.department),
    externalId: textOrNull(user.externalId),
  };
}

const atlassianExtension = "urn:scim:schemas:extension:atlassian-external:1.0";
const enterpriseExtension = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** A SCIM user, as far as it is read. */
const scimUserWire = z.object({
  id: z.string().nullish(),
  active: z.boolean().nullish(),
  externalId: z.string().nullish(),
  name: z.object({ givenName: z.string().nullish(), familyName: z.string().nullish() }).nullish(),
  department: z.string().nullish(),
  emails: z.array(z.object({ value: z.string().nullish(), primary: z.boolean().nullish() })).nullish(),
  [atlassianExtension]: z.object({ atlassianAccountId: z.string().nullish() }).nullish(),
  [enterpriseExtension]: z.object({ department: z.string().nullish() }).nullish(),
});
type ScimUserWire = z.infer<typeof scimUserWire>;

/** `Resources` may be missing on an empty page (RFC 7644). */
const scimUsersWire = z.object({
  totalResults: z.number(),
  Resources: z.array(scimUserWire).nullish(),
});
