import type { ApolloServerPlugin } from "@apollo/server";
import type { FastifyRequest } from "fastify";
import type { Footing, Freshness, ServerContext } from "../ServerOptions.js";
import type { Refusal } from "./refusals.js";

/** Under which a change is answered with a position, and a request presents it. */
export const positionHeader = "x-access-graph-position";
/** The same among the extensions of an answer, and of a request. */
const positionName = "position";
/** None of ours is longer. */
const longestPosition = 2_000;
const none: readonly string[] = [];

/** The positions that a request presents, each once: by its header, or among the extensions of its operations. */
export function positionsIn({ headers, body, query }: FastifyRequest): readonly string[] | Refusal {
  const presented = headers[positionHeader];
  // Most present none.
  if (presented === undefined && !mayPresent(body) && !mayPresent(query)) return none;
  const operations: readonly unknown[] = Array.isArray(body) ? body : [body, query];
  const named = [presented, ...operations.map(positionAmongExtensions)].flat();
  const texts = [...new Set(named.filter((each): each is string => typeof each === "string" && each !== ""))];
  const longest = Math.max(0, ...texts.map(({ length }) => length));
  return longest <= longestPosition ? texts : tooLong(longest);
}

function mayPresent(asked: unknown): boolean {
  return Array.isArray(asked) ? asked.length > 0 : isRecord(asked) && asked.extensions != null;
}

function positionAmongExtensions(asked: unknown): unknown {
  if (!isRecord(asked)) return undefined;
  const { extensions } = asked;
  return isRecord(extensions) ? extensions[positionName] : positionInText(extensions);
}

/** In an address they are written as JSON; what is none is for others to refuse. */
function positionInText(extensions: unknown): unknown {
  if (typeof extensions !== "string" || !extensions.includes(positionName)) return undefined;
  try {
    return positionAmongExtensions({ extensions: JSON.parse(extensions) as unknown });
  } catch {
    return undefined;
  }
}

function tooLong(length: number): Refusal {
  const message = `The position that is presented has ${length} characters, and none of ours has more than ${longestPosition}. Present it as it stood in the answer to the change.`;
  return { status: 400, code: "BAD_POSITION", message };
}

/** On what the answer may rest that must not be behind any of them. */
export function footingOf(
  freshness: Pick<Freshness<never>, "footing">,
  presented: readonly string[],
): Footing | Promise<Footing> {
  if (presented.length <= 1) return freshness.footing(presented[0]);
  return Promise.all(presented.map((each) => freshness.footing(each))).then((footings) => {
    const moments = footings.filter((each) => each !== "remembered").map(({ notBeforeMs }) => notBeforeMs);
    return moments.length === 0 ? "remembered" : { notBeforeMs: Math.max(...moments) };
  });
}

/**
 * Answers each change with the position from which on it is seen, and not before it is seen everywhere. What else there is to an
 * answer is done by then, and nobody else waits for it.
 */
export function tellPositions<Context extends ServerContext>(
  freshness: Freshness<Context>,
): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ contextValue, response }) {
          if (response.body.kind !== "single" || !freshness.mayHaveChanged(contextValue)) return;
          const position = await freshness.settle(contextValue.request.positions);
          const { singleResult } = response.body;
          singleResult.extensions = { ...singleResult.extensions, [positionName]: position };
          // Of a batch the last to be told is the furthest: each is behind everything that was changed before it.
          response.http.headers.set(positionHeader, position);
        },
      };
    },
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
