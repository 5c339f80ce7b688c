import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GraphAnswer, sendQuery } from "../support/sendQuery.js";
import { type Program, startProgram } from "./startProgram.js";

describe("a bug that gets away from its request, in the built server with nothing set for rejections", () => {
  let program: Program;
  let ask: (query: string) => Promise<GraphAnswer>;
  beforeAll(async () => {
    program = await startProgram(join("..", "test", "e2e", "guardedServer.mjs"), { isUp: /^GraphQL .*\n/ });
    const url = program.out().trim().replace("GraphQL ", "");
    ask = (query) => sendQuery(url, query);
  });
  afterAll(() => program.dispose());

  it.each([
    ["rejects", "orphaned rejection with"],
    ["throws", "orphaned exception with"],
    ["rejectsWithText", "no error at all"],
  ])("%s: the request ends as INTERNAL, the fault is in the log, and the process answers on", async (field, said) => {
    const { data, errors } = await ask(`{ ${field} }`);
    expect(data).toBeUndefined();
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(["INTERNAL"]);
    expect(JSON.stringify(errors)).not.toContain(said);
    const faults = program.log().filter((line) => JSON.stringify(line).includes(said));
    expect(faults).toEqual([
      expect.objectContaining({ level: "error", errorId: expect.any(String), msg: expect.stringMatching(/goes on$/) }),
    ]);
    expect((await ask("{ hello }")).data).toEqual({ hello: "world" });
  });

  it("writes no secret of the fault to the log", () => {
    expect(program.err()).toContain("orphaned exception with");
    expect(program.err()).not.toContain("a-secret-that-no-log-may-hold");
  });
});
