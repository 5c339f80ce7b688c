import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GraphAnswer, sendQuery } from "../support/sendQuery.js";
import { type Program, startProgram } from "./startProgram.js";

describe("a bug that gets away from its request, in the built server with nothing set for rejections", () => {
  let program: Program;
  let ask: (query: string) => Promise<GraphAnswer>;
  let ready: () => Promise<{ code: number; status: string; reasons: (string | null)[]; errorId?: string }>;
  beforeAll(async () => {
    program = await startProgram(join("..", "test", "e2e", "guardedServer.mjs"), { isUp: /^GraphQL .*\n/ });
    const url = program.out().trim().replace("GraphQL ", "");
    ask = (query) => sendQuery(url, query);
    ready = async () => {
      const response = await fetch(new URL("/health/ready", url));
      const { sites, ...told } = (await response.json()) as {
        status: string;
        errorId?: string;
        sites: { reason: string | null }[];
      };
      return { code: response.status, ...told, reasons: sites.map(({ reason }) => reason) };
    };
  });
  afterAll(() => program.dispose());

  it("stays ready where a connection was lost and nobody heard of it", async () => {
    expect((await ask("{ losesConnection }")).data).toEqual({ losesConnection: "asked" });
    await expect.poll(() => program.err()).toContain("the other end is gone");
    expect(program.log().map(({ level }) => level)).not.toContain("error");
    expect(await ready()).toEqual(isReady);
  });

  const isReady = { code: 200, status: "ready", reasons: [null, null] };

  it.each([
    ["rejects", "orphaned rejection with"],
    ["rejectsWithText", "no error at all"],
    ["throws", "orphaned exception with"],
  ])("%s: the request ends as INTERNAL, the fault is in the log, and the process answers on", async (field, said) => {
    expect(await ready()).toEqual(isReady);
    const asked = ask(`{ ${field} }`);
    const faults = () => program.log().filter((line) => JSON.stringify(line).includes(said));
    await expect.poll(faults).toHaveLength(1);
    expect((await ask("{ timeIsUp }")).data).toEqual({ timeIsUp: "for all others" });
    const { data, errors } = await asked;
    expect(data).toBeUndefined();
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(["INTERNAL"]);
    expect(JSON.stringify(errors)).not.toContain(said);
    expect(faults()).toEqual([
      expect.objectContaining({ level: "error", errorId: expect.any(String), msg: expect.stringMatching(/goes on$/) }),
    ]);
    expect((await ask("{ hello }")).data).toEqual({ hello: "world" });
  });

  it("is ready no more after an exception, for any site, and says where the log has it; nor does it say what", async () => {
    const { code, status, reasons, errorId } = await ready();
    const [fault] = program.log().filter((line) => JSON.stringify(line).includes("orphaned exception with"));
    expect([code, status]).toEqual([503, "not ready"]);
    expect([reasons, errorId]).toEqual([["PROCESS_IN_DOUBT", "PROCESS_IN_DOUBT"], fault?.errorId]);
  });

  it("writes no secret of the fault to the log", () => {
    expect(program.err()).toContain("orphaned exception with");
    expect(program.err()).not.toContain("a-secret-that-no-log-may-hold");
  });
});
