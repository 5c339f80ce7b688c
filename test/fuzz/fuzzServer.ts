import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from "graphql";
import { startServerProgram } from "../e2e/startServerProgram.js";
import type { GraphAnswer } from "../support/sendQuery.js";
import { type Operation, OperationMaker, type Vocabulary } from "./OperationMaker.js";

interface Fuzzing {
  readonly operations: number;
  readonly seed: string;
  /** Operations in flight at a time. */
  readonly lanes?: number;
  readonly onProgress?: (done: number) => void;
}

export interface FuzzFinding {
  readonly number: number;
  readonly what: string;
  readonly operation: Operation;
}

export interface FuzzReport {
  readonly done: number;
  /** Answers by the codes of their errors: `ok` for those without any. */
  readonly codes: ReadonlyMap<string, number>;
  readonly findings: readonly FuzzFinding[];
  /** Lines of the log that tell of a fault of ours. */
  readonly faults: readonly Record<string, unknown>[];
  readonly isAlive: boolean;
}

const maxFindings = 20;

/** Asks the built server, with nothing set for rejections and over the embedded sandbox, a seeded stream of operations. */
export async function fuzzServer({ operations, seed, lanes = 8, onProgress }: Fuzzing): Promise<FuzzReport> {
  const server = await startServerProgram({ AUDIT_LOG: "stdout", LOG_LEVEL: "error", MAX_QUERY_COST: "200000" });
  const codes = new Map<string, number>();
  const findings: FuzzFinding[] = [];
  let done = 0;
  try {
    const schema = buildClientSchema((await server.query(getIntrospectionQuery())).data as IntrospectionQuery);
    const maker = new OperationMaker(schema, await readVocabulary((document) => server.query(document)), seed);
    const ask = async (): Promise<void> => {
      while (done < operations && findings.length < maxFindings) {
        const number = done;
        done += 1;
        const operation = maker.next();
        for (const what of await examine(server.graphqlUrl, operation, codes))
          findings.push({ number, what, operation });
        if (number % 1000 === 999) onProgress?.(number + 1);
      }
    };
    await Promise.all(Array.from({ length: lanes }, ask));
    const isAlive = await server.query("{ __typename }").then(
      ({ data }) => data.__typename === "Query",
      () => false,
    );
    return { done, codes, findings, faults: server.log().filter(({ level }) => level === "error"), isAlive };
  } finally {
    await server.dispose();
  }
}

/** What is wrong with the answer to an operation: nothing, for all that a client can do wrong. */
async function examine(url: string, operation: Operation, codes: Map<string, number>): Promise<string[]> {
  const wrong: string[] = [];
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(operation),
    });
    if (response.status >= 500) wrong.push(`status ${response.status}`);
    const { errors = [] } = (await response.json()) as {
      errors?: { message: string; extensions?: { code?: string } }[];
    };
    const found = new Set(errors.map(({ extensions }) => extensions?.code ?? "no code"));
    if (found.size === 0) found.add("ok");
    for (const code of found) codes.set(code, (codes.get(code) ?? 0) + 1);
    for (const { message, extensions } of errors) {
      const code = extensions?.code;
      if (code === undefined || code === "INTERNAL" || code === "INTERNAL_SERVER_ERROR")
        wrong.push(`${code}: ${message}`);
      else if (/\[object Object\]|call stack|undefined \(/.test(message)) wrong.push(`says ${message}`);
    }
  } catch (error) {
    wrong.push(`no answer: ${error instanceof Error ? error.message : String(error)}`);
  }
  return wrong;
}

/** What operations may name of the sites that a server serves. */
export async function readVocabulary(query: (document: string) => Promise<GraphAnswer>): Promise<Vocabulary> {
  const { data } = await query(`{
    sites { siteId id spaceRoles { nodes { id roleId } } }
    accounts(first: 30) { nodes { id accountId email displayName username } }
    groups(first: 30) { nodes { id groupId name } }
    spaces(first: 30) { nodes { id spaceId key } }
    grants(first: 60) { nodes { id } pageInfo { endCursor } }
  }`);
  const texts =
    JSON.stringify(data).match(/"(?:id|\w+Id|key|email|name|displayName|username|endCursor)":"[^"]+"/g) ?? [];
  const values = texts.map((text) => JSON.parse(text.slice(text.indexOf(":") + 1)) as string);
  return {
    ids: values,
    words: [
      "read",
      "create",
      "space",
      "page",
      "administer",
      "@example.com",
      "Engineering",
      "PARTNER",
      "edit",
      "someone@example.com",
    ],
    siteIds: ["sandbox-cloud", "sandbox-datacenter", "sandbox-cloud", "sandbox-datacenter", "elsewhere"],
  };
}
