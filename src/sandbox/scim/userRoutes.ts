import { Refusal } from "../http/Refusal.js";
import type { Reply } from "../http/Reply.js";
import type { WorldAccount } from "../world/World.js";
import { pageScim, readFilter, selectAttributes } from "./lists.js";
import { applyPatch, readOperations } from "./patch.js";
import { mapScimUser } from "./resources.js";
import type { ScimCall, ScimRoutes } from "./ScimCall.js";
import { readUserInput, type ScimUserInput, writeUser } from "./writeUser.js";

const users = "/scim/directory/{directoryId}/Users";

/** The users that an identity provider writes. */
export const userRoutes: ScimRoutes = {
  [`GET ${users}`]: listUsers,
  [`POST ${users}`]: createUser,
  [`GET ${users}/{userId}`]: (call) => show(call, 200, findUser(call)),
  [`PUT ${users}/{userId}`]: (call) => show(call, 200, writeUser(call, findUser(call), readUserInput(call.json()))),
  [`PATCH ${users}/{userId}`]: (call) => {
    const account = findUser(call);
    const patched = applyPatch(mapScimUser(call, account), readOperations(call.json()));
    return show(call, 200, writeUser(call, account, readUserInput(patched)));
  },
  // A deactivated user answers 404 from then on, until it is created again; one made inactive by PATCH stays visible.
  [`DELETE ${users}/{userId}`]: (call) => {
    call.directory.deleteUser(findUser(call));
    return { status: 204 };
  },
};

function listUsers(call: ScimCall): Reply {
  const { directory, query } = call;
  const filter = readFilter(query, ["userName", "externalId"]);
  const wanted = filter?.value.toLowerCase();
  const rows = directory.users().filter((account) => {
    if (filter === null) return true;
    // Names of users are compared without letter case, external ids exactly.
    return filter.attribute === "userName"
      ? directory.userNameOf(account).toLowerCase() === wanted
      : account.externalId === filter.value;
  });
  return pageScim(query, rows, (account) => selectAttributes(query, mapScimUser(call, account)));
}

/** Links the account that has the address already, if any: this is also how somebody deactivated comes back. */
function createUser(call: ScimCall): Reply {
  const { directory, state, now } = call;
  const input = readUserInput(call.json());
  if (input.email === undefined) throw new Refusal(400, "emails is required.", "invalidValue");
  if (!directory.isVerified(input.email)) {
    throw new Refusal(400, `The domain of ${input.email} is not verified for this organization.`, "invalidValue");
  }
  const known = state.accounts.byEmail(input.email);
  if (known !== undefined && directory.user(directory.userIdOf(known)) !== undefined) {
    throw new Refusal(409, `A user with the e-mail address ${input.email} exists already.`, "uniqueness");
  }
  const account = writeUser(call, known ?? newAccount(call, input), input);
  directory.touch(account.accountId, now, true);
  return show(call, 201, account);
}

/** It can sign in, but has no product until a group or a role gives one. */
function newAccount({ state }: ScimCall, { displayName, email }: ScimUserInput): WorldAccount {
  return {
    accountId: `712020:${state.newUuid()}`,
    accountType: "atlassian",
    accountStatus: "active",
    displayName,
    email: email ?? null,
    productRoles: [],
  };
}

function findUser({ directory, params }: ScimCall): WorldAccount {
  const id = params.userId ?? "";
  const account = directory.user(id);
  if (account === undefined) throw new Refusal(404, `User ${id} does not exist.`);
  return account;
}

function show(call: ScimCall, status: number, account: WorldAccount): Reply {
  return { status, body: selectAttributes(call.query, mapScimUser(call, account)) };
}
