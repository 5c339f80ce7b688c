import { type DataCenterCredentials, defaultDataCenterCredentials } from "../datacenter/DataCenterCredentials.js";
import type { DataCenterOptions } from "../datacenter/DataCenterOptions.js";
import type { TokenBucketRate } from "../datacenter/TokenBuckets.js";
import type { OptionValues } from "./OptionValues.js";

/** Reads what begins with `--dc-`, the port aside. What was not given is left out: the sandbox has its own defaults. */
export function readDataCenterArguments(values: OptionValues): DataCenterOptions {
  const version = values.text("dc-version");
  if (version !== undefined && !/^\d{1,4}(\.\d{1,4}){1,3}$/.test(version)) {
    values.refuse("dc-version", "a version such as 9.2 or 9.2.0", version);
  }
  const rate = readRate(values);
  const rpcDisabled = readRpcStatus(values);
  const isWhole = (value: number): boolean => Number.isInteger(value);
  const isTime = (value: number): boolean => isWhole(value) && value <= 600_000;
  const seats = values.number("dc-licence-seats", 0, isWhole, "a whole number, such as 500");
  const longTaskMs = values.number("dc-long-task-ms", 0, isTime, "whole milliseconds up to 600000, such as 2000");
  return {
    credentials: readCredentials(values),
    ...(version === undefined ? {} : { version }),
    ...(rate === undefined ? {} : { rate }),
    ...(rpcDisabled === undefined ? {} : { rpcDisabled }),
    ...(values.has("dc-basic-disabled") ? { basicDisabled: true } : {}),
    ...(values.has("dc-read-only") ? { readOnlyDirectory: true } : {}),
    ...(values.has("dc-members-follow-nested") ? { membersFollowNested: true } : {}),
    ...(values.has("dc-licence-seats") ? { licenceSeats: seats } : {}),
    ...(values.has("dc-long-task-ms") ? { longTaskMs } : {}),
  };
}

/** `capacity/fill/seconds`: what a full bucket holds, and how many calls are added every so many seconds. */
function readRate(values: OptionValues): TokenBucketRate | undefined {
  const text = values.text("dc-rate");
  if (text === undefined) return undefined;
  const parts = /^(\d{1,6})\/(\d{1,6})\/([1-9]\d{0,5})$/.exec(text);
  if (parts === null) {
    values.refuse("dc-rate", "capacity/calls/seconds in whole numbers, such as 50/10/1 (seconds at least 1)", text);
    return undefined;
  }
  const [, capacity, fillRate, intervalSeconds] = parts;
  return { capacity: Number(capacity), fillRate: Number(fillRate), intervalSeconds: Number(intervalSeconds) };
}

function readRpcStatus(values: OptionValues): 401 | 404 | 405 | undefined {
  const text = values.text("dc-rpc-disabled");
  if (text === undefined) return undefined;
  const status = ([401, 404, 405] as const).find((each) => String(each) === text);
  if (status === undefined) values.refuse("dc-rpc-disabled", "401, 404 or 405", text);
  return status;
}

/** Faults of what nobody could sign in with. They do not repeat what was given. */
function readCredentials(values: OptionValues): Partial<DataCenterCredentials> {
  const absent = defaultDataCenterCredentials;
  const [token, readerToken] = [values.text("dc-token"), values.text("dc-reader-token")];
  const [username, password] = [values.text("dc-username"), values.text("dc-password")];
  for (const name of ["dc-token", "dc-reader-token"]) {
    if (/[\s,]/.test(values.text(name) ?? "")) values.fault(name, "must hold neither blanks nor commas");
  }
  if ((token ?? absent.personalAccessToken) === (readerToken ?? absent.readerToken)) {
    values.fault("dc-reader-token", "must differ from the other token");
  }
  if (username?.includes(":") === true) values.fault("dc-username", "must hold no colon");
  return {
    ...(token === undefined ? {} : { personalAccessToken: token }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(readerToken === undefined ? {} : { readerToken }),
  };
}
