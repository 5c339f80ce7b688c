import { isObject, Refusal, type Reply } from "../http/service.js";
import { given } from "../world/ObjectReader.js";
import type { WorldAccount } from "../world/World.js";
import { mapScimUser, type ScimCall, type ScimRoutes } from "./directory.js";
import { applyPatch, pageScim, readFilter, readOperations, selectAttributes } from "./protocol.js";
import { schemas } from "./schemas.js";

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
  // Somebody new can sign in, but has no product until a group or a role gives one.
  const account = writeUser(
    call,
    known ?? { ...state.newPerson(input.email, input.displayName), productRoles: [] },
    input,
  );
  directory.touch(account.accountId, now, true);
  return show(call, 201, account);
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

/** A user as a client wrote it, checked. What it left out is undefined. */
interface ScimUserInput {
  readonly userName: string;
  readonly email: string | undefined;
  readonly externalId: string | undefined;
  readonly givenName: string | undefined;
  readonly familyName: string | undefined;
  readonly displayName: string;
  readonly department: string | undefined;
  readonly active: boolean;
  /** Attributes that are only kept and shown. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

const kept = ["nickName", "title", "preferredLanguage", "organization", "timezone", "phoneNumbers"] as const;

/** Reads the body of a POST or PUT. Read-only attributes in it are ignored, as SCIM has it. */
function readUserInput(body: unknown): ScimUserInput {
  if (!isObject(body)) throw new Refusal(400, "The body must be a JSON object.", "invalidSyntax");
  const userName = text(body, "userName");
  if (userName === undefined) throw new Refusal(400, "userName is required.", "invalidValue");
  const name = isObject(body.name) ? body.name : {};
  const enterprise = body[schemas.enterprise];
  const extension = isObject(enterprise) ? enterprise : {};
  const [givenName, familyName] = [text(name, "givenName"), text(name, "familyName")];
  const organization = text(body, "organization") ?? text(extension, "organization");
  return {
    userName,
    email: readEmail(body.emails),
    externalId: text(body, "externalId"),
    givenName,
    familyName,
    displayName:
      text(body, "displayName") ??
      text(name, "formatted") ??
      ([givenName, familyName].filter((part) => part !== undefined).join(" ") || userName),
    department: text(body, "department") ?? text(extension, "department"),
    active: readActive(body.active),
    attributes: {
      ...Object.fromEntries(kept.filter((key) => Object.hasOwn(body, key)).map((key) => [key, body[key]])),
      ...(organization === undefined ? {} : { organization }),
    },
  };
}

/** Some identity providers write it as a text, `"False"` of Azure among them. */
function readActive(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  const said = typeof value === "string" ? value.toLowerCase() : String(value);
  if (typeof value === "object" || (said !== "true" && said !== "false")) {
    throw new Refusal(400, "active must be true or false.", "invalidValue");
  }
  return said === "true";
}

/** The primary one; undefined without any. */
function readEmail(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const rows = Array.isArray(value) ? value.filter(isObject) : [];
  if (!Array.isArray(value) || rows.length < value.length || rows.some((row) => typeof row.value !== "string")) {
    throw new Refusal(400, "emails must be a list of objects with a value.", "invalidValue");
  }
  if (rows.length === 0) return undefined;
  const primary = rows.filter((row) => row.primary === true);
  if (primary.length !== 1) throw new Refusal(400, "One of emails must be marked as primary.", "invalidValue");
  return String(primary[0]?.value);
}

function text(from: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = from[key];
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") throw new Refusal(400, `${key} must be a text.`, "invalidValue");
  return value;
}

/** Makes an account be what a client wrote; attributes that it left out are gone. Refuses names and addresses of others. */
function writeUser(call: ScimCall, account: WorldAccount, input: ScimUserInput): WorldAccount {
  const { directory, state, now } = call;
  const others = directory.users().filter(({ accountId }) => accountId !== account.accountId);
  const userName = input.userName.toLowerCase();
  if (others.some((other) => directory.userNameOf(other).toLowerCase() === userName)) {
    throw new Refusal(409, `A user with the userName ${input.userName} exists already.`, "uniqueness");
  }
  const owner = input.email === undefined ? undefined : state.accounts.byEmail(input.email);
  if (owner !== undefined && owner.accountId !== account.accountId) {
    throw new Refusal(409, `The e-mail address ${input.email} belongs to another user.`, "uniqueness");
  }
  if (input.email !== undefined && input.email !== account.email && !directory.isVerified(input.email)) {
    throw new Refusal(400, `The domain of ${input.email} is not verified for this organization.`, "invalidValue");
  }
  const { givenName, familyName, department, externalId, ...rest } = account;
  const written: WorldAccount = {
    ...rest,
    displayName: input.displayName,
    email: input.email ?? null,
    managed: true,
    ...given({
      givenName: input.givenName,
      familyName: input.familyName,
      department: input.department,
      externalId: input.externalId,
    }),
    ...activity(account, directory.isActive(account), input.active),
  };
  const isAddress = input.email !== undefined && input.email.toLowerCase() === userName;
  directory.putUser(written, { ...(isAddress ? {} : { userName: input.userName }), attributes: input.attributes }, now);
  return written;
}

/** Coming back from a deactivation does not end a suspension; writing what is so already changes nothing. */
function activity({ orgStatus }: WorldAccount, wasActive: boolean, active: boolean): Partial<WorldAccount> {
  if (active === wasActive) return {};
  if (!active) return { accountStatus: "inactive", orgStatus: "deactivated" };
  return { accountStatus: "active", orgStatus: orgStatus === "suspended" ? "suspended" : "active" };
}
