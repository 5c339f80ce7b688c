import { describe, expect, it } from "vitest";
import { classifyDataCenterError } from "../../../src/confluence/datacenter/errors.js";
import { SiteError, type SiteErrorKind } from "../../../src/domain/SiteError.js";
import { generatePassword } from "../../../src/provisioning/accounts/dataCenterAccount.js";
import { faultFromError, faultOfReading } from "../../../src/provisioning/changeFaults.js";

const call = "PUT /rest/api/admin/user/{username}/disable";

describe("an upstream failure as a fault", () => {
  it.each([
    [400, "RequestRejected"],
    [403, "AccessRefused"],
  ] as const)("knows a read-only directory by the advice of the adapter (%i)", (status, kind) => {
    const body = { statusCode: status, data: {}, message: "The LDAP directory is read only for us" };
    const advice =
      classifyDataCenterError({ status, headers: {}, body, text: JSON.stringify(body), call })?.advice ?? "";
    const error = new SiteError(kind, `${call} answered ${status}. ${advice}`, { call, status });
    expect(faultFromError(error)).toEqual({ code: "DIRECTORY_READ_ONLY", field: [], message: error.message });
  });

  it.each([
    ["RequestRejected", "The site is in read-only mode.", "UPSTREAM_REFUSED"],
    ["UpstreamFailed", "The read-only directory is down.", "UPSTREAM_UNAVAILABLE"],
    ["Unsupported", "The version lacks it.", "UNSUPPORTED"],
  ] as const)("takes no other failure for that: %s, %s", (kind, message, code) => {
    expect(faultFromError(new SiteError(kind, message, { call })).code).toBe(code);
  });

  it.each([
    ["Unsupported", "UNSUPPORTED"],
    ["AccessRefused", "STATE_UNKNOWN"],
    ["Unreachable", "STATE_UNKNOWN"],
  ] as const satisfies readonly (readonly [SiteErrorKind, string])[])("of a reading, %s, is %s", (kind, code) => {
    expect(faultOfReading(new SiteError(kind, "why", { call }))).toEqual({ code, field: [], message: "why" });
  });
});

describe("a generated password", () => {
  it("is long, of signs that every field takes, and never the same", () => {
    const passwords = Array.from({ length: 50 }, () => generatePassword().reveal());
    for (const password of passwords) expect(password).toMatch(/^[A-Za-z0-9_-]{32}$/);
    expect(new Set(passwords).size).toBe(50);
    expect(JSON.stringify(generatePassword())).toBe('"[secret]"');
  });
});
