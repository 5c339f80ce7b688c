import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { describe, expect, it } from "vitest";
import { SiteError } from "../../../src/domain/SiteError.js";
import { InputError } from "../../../src/graph/errors/errorCodes.js";
import { formatGraphError } from "../../../src/graph/errors/formatGraphError.js";
import type { Logger } from "../../../src/observability/Logger.js";

const path = ["spaces", "nodes", 3, "name"];
const locations = [{ line: 1, column: 2 }];

/** Formats an error as a resolver threw it: located by graphql-js, coded by the server. */
function format(thrown: Error) {
  const logged: { fields: Record<string, unknown>; message: string }[] = [];
  const ignore = () => undefined;
  const logger: Logger = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (fields, message) => logged.push({ fields, message }),
  };
  const located = new GraphQLError(thrown.message, { path, originalError: thrown });
  const code = thrown instanceof GraphQLError ? thrown.extensions.code : undefined;
  const extensions = {
    ...(thrown instanceof GraphQLError ? thrown.extensions : {}),
    code: code ?? "INTERNAL_SERVER_ERROR",
  };
  const coded: GraphQLFormattedError = {
    message: thrown.message,
    path,
    locations,
    extensions: { ...extensions, stacktrace: ["Error: at src/secret.ts:1"] },
  };
  return { shown: formatGraphError(logger)(coded, located), logged };
}

describe("what a client sees of an error", () => {
  it("masks a bug of ours behind an id that stands in the log with the bug", () => {
    const bug = new TypeError("Cannot read properties of undefined (reading 'tokenOfTheDatabase')");
    const { shown, logged } = format(bug);
    expect(shown).toEqual({
      message: expect.stringMatching(
        /^Something went wrong here, and it is our fault\. The log has it under [0-9a-f-]{36}\.$/,
      ),
      path,
      locations,
      extensions: { code: "INTERNAL", errorId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    expect(JSON.stringify(shown)).not.toMatch(/tokenOfTheDatabase|secret\.ts/);
    expect(shown.message).toContain(String(shown.extensions?.errorId));
    expect(logged).toEqual([
      { fields: { errorId: shown.extensions?.errorId, error: bug, path }, message: expect.stringContaining("bug") },
    ]);
  });

  it("gives every bug an id of its own", () => {
    const ids = [1, 2, 3].map(() => format(new Error("x")).shown.extensions?.errorId);
    expect(new Set(ids).size).toBe(3);
  });

  it("shows a failed conversation with a site by its stable code, with what is known of it, and logs no bug", () => {
    const error = new SiteError("Throttled", "The site asks to wait.", {
      call: "GET /wiki/api/v2/spaces",
      status: 429,
      retryAfterMs: 30_000,
      cause: new Error("socket of a secret host"),
    });
    const { shown, logged } = format(error);
    expect(shown).toEqual({
      message: "The site asks to wait.",
      path,
      locations,
      extensions: {
        code: "UPSTREAM_THROTTLED",
        call: "GET /wiki/api/v2/spaces",
        upstreamStatus: 429,
        retryAfterMs: 30_000,
      },
    });
    expect(logged).toEqual([]);
  });

  it("leaves out what is not known of a failed conversation", () => {
    const { shown } = format(new SiteError("Unreachable", "No answer.", { call: "GET /x" }));
    expect(shown.extensions).toEqual({ code: "UPSTREAM_UNREACHABLE", call: "GET /x" });
  });

  it("shows bad input as it is, without a stack", () => {
    const { shown, logged } = format(new InputError("INVALID_ID", "id", "Pass another id."));
    expect(shown).toEqual({
      message: "Pass another id.",
      path,
      locations,
      extensions: { code: "BAD_USER_INPUT", reason: "INVALID_ID", argument: "id" },
    });
    expect(logged).toEqual([]);
  });
});
