import { z } from "zod";
import type { AccountId } from "../../domain/ids.js";
import type { Transport } from "../../http/Transport.js";
import type { OrganizationWriter } from "../organizationPort.js";

interface WriterOptions {
  readonly orgId: string;
  readonly transport: Transport;
  readonly siteResource: () => Promise<string>;
}

/** Read leniently: the invitation was sent whatever its answer looks like. */
const invitedWire = z.object({ data: z.array(z.looseObject({ accountId: z.string().min(1).nullish() })) });

/** Writes to the organization's admin API. */
export function createOrganizationWriter({ orgId, transport, siteResource }: WriterOptions): OrganizationWriter {
  const ofUser = "/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}";
  const pathOf = (accountId: AccountId) => `/v2/orgs/${orgId}/directories/-/users/${encodeURIComponent(accountId)}`;
  return {
    invite: async ({ email, role, groupIds, sendsNotification, notificationText }) => {
      const resource = await siteResource();
      const { body } = await transport.send({
        method: "POST",
        call: "POST /v2/orgs/{orgId}/users/invite",
        path: `/v2/orgs/${orgId}/users/invite`,
        body: {
          emails: [email],
          permissionRules: [{ resource, role }],
          ...(groupIds.length === 0 ? {} : { additionalGroups: groupIds }),
          sendNotification: sendsNotification,
          ...(notificationText === null ? {} : { notificationText }),
        },
      });
      const accountId = invitedWire.safeParse(body).data?.data[0]?.accountId;
      return accountId ? (accountId as AccountId) : null;
    },
    assignRole: async (accountId, role) => {
      const resource = await siteResource();
      await transport.send({
        method: "POST",
        call: "POST /v1/orgs/{orgId}/users/{accountId}/roles/assign",
        path: `/v1/orgs/${orgId}/users/${encodeURIComponent(accountId)}/roles/assign`,
        body: { role, resource },
      });
    },
    suspend: async (accountId) => {
      await transport.send({ method: "POST", call: `POST ${ofUser}/suspend`, path: `${pathOf(accountId)}/suspend` });
    },
    restore: async (accountId) => {
      await transport.send({ method: "POST", call: `POST ${ofUser}/restore`, path: `${pathOf(accountId)}/restore` });
    },
    remove: async (accountId) => {
      await transport.send({ method: "DELETE", call: `DELETE ${ofUser}`, path: pathOf(accountId) });
    },
  };
}
