import { readReadiness } from "../support/readReadiness.js";
import type { GraphAnswer } from "../support/sendQuery.js";
import { type Program, type ProgramOptions, startProgram } from "./startProgram.js";

export interface ServerProgram extends Program {
  readonly graphqlUrl: string;
  readonly graphiqlUrl: string;
  query(document: string, variables?: Readonly<Record<string, unknown>>): Promise<GraphAnswer>;
  /** What `/health/ready` says. */
  ready(): Promise<Readiness>;
}

export interface Readiness {
  readonly isReady: boolean;
  readonly status: string;
  /** Why the one site is not ready, for programs, and as the log tells it; `null` when it is. */
  readonly code: string | null;
  readonly reason: string | null;
}

/** Starts the built server on a free port, and reads its addresses from what it prints. */
export async function startServerProgram(
  env: Readonly<Record<string, string>> = {},
  file = "main.js",
  options: Pick<ProgramOptions, "flags"> = {},
): Promise<ServerProgram> {
  const program = await startProgram(file, { ...options, env: { PORT: "0", ...env }, isUp: /^GraphiQL .*\n/m });
  const graphqlUrl = addressOf(program.out(), "GraphQL");
  return {
    ...program,
    graphqlUrl,
    graphiqlUrl: addressOf(program.out(), "GraphiQL"),
    query: async (document, variables = {}) => {
      const response = await fetch(graphqlUrl, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ query: document, variables }),
      });
      return (await response.json()) as GraphAnswer;
    },
    ready: async () => {
      const { status, sites } = await readReadiness(graphqlUrl, program.err().split("\n"));
      return { isReady: status === "ready", status, code: sites[0]?.code ?? null, reason: sites[0]?.reason ?? null };
    },
  };
}

function addressOf(output: string, name: string): string {
  const address = new RegExp(`^${name} +(http://\\S+)$`, "m").exec(output)?.[1];
  if (address === undefined) throw new Error(`No address of ${name} was printed:\n${output}`);
  return address;
}
