import { z } from "zod";

/** An operation that clients may ask for by its id, or only because it is listed. */
export interface ListedOperation {
  readonly id: string;
  readonly text: string;
}

/** The operations of a file, and where it is read again from. */
export interface OperationsFile {
  readonly path: string;
  /** As it was read at the start. */
  readonly text: string;
  readonly operations: readonly ListedOperation[];
}

/** Hears what is wrong at a path of the file: `operations[3].body`; an empty one is the file itself. */
type Report = (path: string, problem: string) => void;

/** A longer one would hold the server up each time it is read. */
const longestFile = 8 * 1024 * 1024;

const id = z.string({ error: "must be text" }).min(1, { error: "must not be empty" }).max(256, {
  error: "must be 256 characters at most",
});
const body = z.string({ error: "must be the text of an operation" }).refine((text) => text.includes("{"), {
  error: "must be the text of an operation",
});

/** As `@apollo/generate-persisted-query-manifest` writes it. What else stands in it is for others. */
const apolloManifest = z.object({
  format: z.literal("apollo-persisted-query-manifest"),
  version: z.literal(1, { error: "must be 1" }),
  operations: z.array(z.object({ id, body }), { error: "must be a list of operations" }),
});
/** Ids and texts, as graphql-codegen's `persistedDocuments` and Relay's compiler write them. */
const plainManifest = z.record(id, body);

/** The operations of a text in JSON. Says everything that is wrong with it, and then answers none: a part of a list is no list. */
export function operationsFromText(text: string, report: Report): readonly ListedOperation[] | null {
  if (text.length > longestFile) {
    report("", `is longer than ${longestFile / 1024 / 1024} MB`);
    return null;
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    report("", "cannot be read as JSON");
    return null;
  }
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    report("", "must be a persisted query manifest of Apollo's, or an object of ids and operations");
    return null;
  }
  if (!("format" in document)) {
    const read = plainManifest.safeParse(document);
    if (!read.success) return tellFaults(read.error, report);
    return Object.entries(read.data).map(([id, text]) => ({ id, text }));
  }
  const read = apolloManifest.safeParse(document);
  if (!read.success) return tellFaults(read.error, report);
  const operations = read.data.operations.map(({ id, body }) => ({ id, text: body }));
  const seen = new Set<string>();
  const repeated = operations.findIndex(({ id }) => seen.size === seen.add(id).size);
  if (repeated < 0) return operations;
  report(`operations[${repeated}].id`, "is that of an operation before it");
  return null;
}

const faultsTold = 10;

function tellFaults(error: z.ZodError, report: Report): null {
  for (const { path, message, code } of error.issues.slice(0, faultsTold)) {
    const where = path.reduce<string>(
      (text, step) =>
        typeof step === "number" ? `${text}[${step}]` : text === "" ? String(step) : `${text}.${String(step)}`,
      "",
    );
    report(where, code === "invalid_value" && where === "format" ? "is none that is known" : message);
  }
  return null;
}
