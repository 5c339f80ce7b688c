import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { fieldOf } from "../support/fieldOf.js";

type Json = Record<string, unknown>;

/** A place in the document where the real API is known to answer otherwise, and how its schema reads then. */
export interface Deviation {
  /** Below `components.schemas`: `SpaceBulk.properties.icon`. */
  readonly at: string;
  readonly schema: Json;
}

/** One of Atlassian's documents, able to say whether an answer is as it describes. */
export class OpenApiDocument {
  readonly #document: unknown;
  readonly #ajv = new Ajv({ strict: false, allErrors: true });
  readonly #prefix: string;

  /** `prefix` is what its paths leave out. */
  constructor(file: string, prefix: string, deviations: readonly Deviation[]) {
    this.#prefix = prefix;
    const document: unknown = JSON.parse(readFileSync(file, "utf8"));
    for (const { at, schema } of deviations) replace(document, `components.schemas.${at}`, schema);
    this.#document = readable(document);
    addFormats.default(this.#ajv);
    for (const format of ["int32", "int64"]) this.#ajv.addFormat(format, true);
    this.#ajv.addSchema({ $id: "document", components: fieldOf(this.#document, "components") as Json });
  }

  /** Whether it describes a call; what its path parameters are called does not matter. */
  has(call: string): boolean {
    const [method = "", path = ""] = call.split(" ");
    const nameless = (text: string): string => text.replace(/\{[^}]*\}/g, "{}");
    return Object.entries(fieldOf(this.#document, "paths") as Record<string, Json>).some(
      ([each, operations]) =>
        nameless(`${this.#prefix}${each}`) === nameless(path) && Object.hasOwn(operations, method.toLowerCase()),
    );
  }

  /** What is wrong with an answer; empty when it is as described. */
  problemsOf(call: string, status: number, body: unknown): readonly string[] {
    const [method = "", path = ""] = call.split(" ");
    const operation = (fieldOf(this.#document, "paths") as Record<string, Json>)[path.slice(this.#prefix.length)]?.[
      method.toLowerCase()
    ];
    if (operation === undefined) return [`${call} is not in the document`];
    const responses = fieldOf(operation, "responses");
    const response = fieldOf(responses, String(status));
    if (response === undefined) return [`${call} never answers ${status}`];
    const content = fieldOf(response, "content") as Record<string, Json> | undefined;
    const schema = content?.["application/json"]?.schema;
    if (schema === undefined) {
      return status < 300 && body !== undefined ? [`${call} answers ${status} without a body`] : [];
    }
    const validate = this.#ajv.compile(withDocument(schema)) as ValidateFunction;
    if (validate(body)) return [];
    return (validate.errors ?? []).map((error) => `${call}: ${error.instancePath} ${error.message ?? ""}`);
  }
}

function replace(document: unknown, path: string, schema: Json): void {
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const parent = fieldOf(document, keys.join("."));
  if (fieldOf(parent, last) === undefined) throw new Error(`the document has no ${path}`);
  Reflect.set(parent as object, last, schema);
}

/** OpenAPI 3.0 as JSON Schema: `nullable`, and what only a description says to be null, become a type. */
function readable(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(readable);
  if (typeof schema !== "object" || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, readable(value)])) as Json;
  const isNullable = copy.nullable === true || /(returns?|return) null\b/i.test(String(copy.description ?? ""));
  delete copy.nullable;
  if (!isNullable || typeof copy.type !== "string") return copy;
  return { ...copy, type: [copy.type, "null"], ...(Array.isArray(copy.enum) ? { enum: [...copy.enum, null] } : {}) };
}

function withDocument(schema: unknown): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/')) as Json;
}
