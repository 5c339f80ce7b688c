import { afterEach, describe, expect, it } from "vitest";
import { type Program, startProgram } from "./startProgram.js";

const secret = "s3cr3t-Token-Of-A-Person";

describe("the built server with an environment that cannot be used", () => {
  let program: Program | undefined;
  afterEach(() => program?.dispose());

  it("ends with 2 and lists every fault at once, with an example, and no secret", async () => {
    program = await startProgram("main.js", {
      env: {
        CONFLUENCE_URL: "http://acme.atlassian.net",
        CONFLUENCE_EMAIL: `not-an-address ${secret}`,
        CONFLUENCE_API_TOKEN: `${secret} with a blank`,
        PORT: "70000",
        HOST: "0.0.0.0",
        CACHE_TTL_GRANTS: "soon",
        LOG_LEVEL: "loud",
      },
    });
    expect(await program.ended()).toBe(2);
    expect(program.out()).toBe("");
    const said = program.err();
    expect(said).toMatch(/^The configuration has 7 faults:\n/);
    const faulty = [...said.matchAll(/^ {2}([A-Z_]+): .+\n {4}for example: \1=\S+$/gm)].map(([, name]) => name);
    expect(faulty.sort()).toEqual([
      "CACHE_TTL_GRANTS",
      "CONFLUENCE_API_TOKEN",
      "CONFLUENCE_EMAIL",
      "CONFLUENCE_URL",
      "HOST",
      "LOG_LEVEL",
      "PORT",
    ]);
    expect(said).toContain("over http:// the credential would travel in clear");
    expect(said).not.toContain("s3cr3t");
  });

  it("does not pass demonstration data for the real thing where the address was forgotten", async () => {
    program = await startProgram("main.js", { env: { CONFLUENCE_API_TOKEN: secret, PORT: "0" } });
    expect(await program.ended()).toBe(2);
    expect(program.err()).toContain("CONFLUENCE_URL: is not set, although CONFLUENCE_API_TOKEN is");
    expect(program.err()).not.toContain("s3cr3t");
  });

  it("lists what of Cloud was set for a Data Center site, with what to set instead", async () => {
    program = await startProgram("main.js", {
      env: {
        CONFLUENCE_URL: "https://wiki.example.com/confluence",
        CONFLUENCE_DEPLOYMENT: "datacenter",
        CONFLUENCE_API_TOKEN: secret,
        CONFLUENCE_CA_FILE: "/nowhere/at/all.pem",
        ATLASSIAN_ORG_ID: "the-organization",
        PORT: "0",
      },
    });
    expect(await program.ended()).toBe(2);
    const said = program.err();
    expect(said).toMatch(/^The configuration has 3 faults:\n/);
    expect(said).toContain("on Confluence Data Center set CONFLUENCE_PERSONAL_ACCESS_TOKEN, or CONFLUENCE_USERNAME");
    expect(said).toContain("CONFLUENCE_CA_FILE: names a file that cannot be read (ENOENT)");
    expect(said).toContain("ATLASSIAN_ORG_ID: belongs to an Atlassian organization, which holds Cloud sites only");
    expect(said).not.toContain("s3cr3t");
    expect(said).not.toContain("nowhere");
  });
});
