import { SiteError } from "../../domain/SiteError.js";
import { readShape } from "../readShape.js";
import type { AccountWriter, LongTaskId, NewAccount } from "../writerPort.js";
import { callRemoteApi } from "./callRemoteApi.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { isRouteMissing } from "./isRouteMissing.js";
import { mapLongTask } from "./mapLongTask.js";
import { objectionToNewUsername } from "./objectionToNewUsername.js";
import { objectionToPathName } from "./objectionToPathName.js";
import { pathName } from "./pathName.js";
import { longTaskSubmissionWire, longTaskWire } from "./wire/longTaskWire.js";

const user = "/rest/api/admin/user/{username}";

/** Writes to the accounts of a Data Center site. */
export function createDataCenterAccountWriter(context: DataCenterContext): AccountWriter {
  const { client, features } = context;
  const pathOf = (username: string, call: string) => `/rest/api/admin/user/${pathName("user", username, call)}`;
  const put = async (username: string, action: "disable" | "enable") => {
    const call = `PUT ${user}/${action}`;
    await client.transport.send({ method: "PUT", call, path: `${pathOf(username, call)}/${action}` });
  };
  return {
    // JSON-RPC, the only way before 8.4, sends no e-mail.
    passwordWays: async () =>
      new Set((await features.reasonAgainst("createUser")) === null ? ["GIVEN", "SET_BY_PERSON"] : ["GIVEN"]),
    objectionToUpdate: () => features.reasonAgainst("updateUser"),
    objectionToNewUsername,
    objectionToUsername: (username) => objectionToPathName("user", username),
    create: (account) => create(context, account),
    update: async (username, { fullName, email }) => {
      const call = `PUT ${user}`;
      const path = pathOf(username, call);
      await features.whereOffered("updateUser", () =>
        client.transport.send({ method: "PUT", call, path, body: { fullName, email } }),
      );
    },
    disable: (username) => put(username, "disable"),
    enable: (username) => put(username, "enable"),
    remove: async (username) => {
      const call = `DELETE ${user}`;
      const { body, status } = await client.transport.send({ method: "DELETE", call, path: pathOf(username, call) });
      const task = longTaskSubmissionWire.safeParse(body);
      if (task.success) return String(task.data.id) as LongTaskId;
      const message = `${call} answered ${status} without naming a task, so that it cannot be followed. Read the account to learn what became of it.`;
      throw new SiteError("ContractDrift", message, { call, status, isAnswerLost: true });
    },
    taskOf: async (id) => {
      const call = "GET /rest/api/longtask/{id}";
      const path = `/rest/api/longtask/${encodeURIComponent(id)}`;
      try {
        return mapLongTask(
          readShape(longTaskWire, (await client.transport.send({ method: "GET", call, path })).body, call),
        );
      } catch (error) {
        if (error instanceof SiteError && error.kind === "NotVisible") return null;
        throw error;
      }
    },
  };
}

/** By REST where the site has it (8.4), else by JSON-RPC, which wants a password; never by both. */
async function create(context: DataCenterContext, account: NewAccount): Promise<void> {
  const { client, features } = context;
  const { username, fullName, email, password } = account;
  const secrets = password === null ? [] : [password];
  try {
    await features.whereOffered("createUser", () =>
      client.transport.send({
        method: "POST",
        call: "POST /rest/api/admin/user",
        path: "/rest/api/admin/user",
        // Left out, `notifyViaEmail` is a 400; true with a password as well.
        body:
          password === null
            ? { userName: username, fullName, email, notifyViaEmail: true }
            : { userName: username, fullName, email, notifyViaEmail: false, password: password.reveal() },
        secrets,
      }),
    );
  } catch (error) {
    if (!isRouteMissing(error)) throw error;
    if (password === null) {
      const { call, status, message } = error;
      const advice = "Without it an account is created with a password only: give one.";
      throw new SiteError("Unsupported", `${message} ${advice}`, { call, status, cause: error });
    }
    const parameters = [{ name: username, fullname: fullName, email }, password.reveal()];
    const done = await callRemoteApi(context, { method: "addUser", parameters, secrets });
    // Null is its way to say yes.
    if (done === false) {
      const call = "POST /rpc/json-rpc/confluenceservice-v2/addUser";
      throw new SiteError("RequestRejected", `${call} answered that nothing was created.`, { call, status: 200 });
    }
  }
}
