import { z } from "zod";
import { heldScopes, parseCallersAccount, parseScope, scopes } from "../../domain/Scope.js";
import { parseYaml } from "../parseYaml.js";
import type { CallerEntry, CallersFile } from "./CallersConfig.js";

/** Hears what is wrong at a path of the file: `callers[0].token`; an empty one is the file itself. */
type Report = (path: string, problem: string) => void;

const wholeNumber = z.int({ error: "must be a whole number" }).min(1, { error: "must be 1 or more" });

const entrySchema = z.strictObject({
  name: z
    .string({ error: "is the name that stands in the record" })
    .refine((text) => /^[A-Za-z0-9._-]{1,100}$/.test(text), {
      error: "must be 1 to 100 letters, digits, dots, dashes and underscores",
    })
    .refine((text) => !["token", "anyone"].includes(text.toLowerCase()), {
      error: "is a name that is given out already: take another",
    }),
  token: z.string({ error: "is sha256: and the digest of the token" }).refine((text) => digestIn(text) !== null, {
    error:
      "must be sha256: and 64 hexadecimal digits, never the token itself; `npm run callers -- new NAME` makes both",
  }),
  scopes: z
    .array(z.string({ error: "must be text" }), { error: "is a list of scopes" })
    .min(1, { error: "must name at least one scope" }),
  accounts: z.array(z.string({ error: "must be text" }).min(1, { error: "must not be empty" })).optional(),
  operations: z.enum(["any", "listed"], { error: "must be any or listed" }).optional(),
  limits: z
    .strictObject({
      costPerMinute: wholeNumber.optional(),
      operationsAtOnce: wholeNumber.optional(),
      writesPerMinute: wholeNumber.optional(),
    })
    .optional(),
});

const fileSchema = z.strictObject({ callers: z.array(entrySchema, { error: "must be a list of callers" }) });

/**
 * The callers of a text in YAML or JSON. Says everything that is wrong with it, and then answers none: a part of a file is
 * no file. What is reported quotes no value but the names of callers, scopes and sites.
 */
export function callersFromText(
  text: string,
  report: Report,
  { siteIds, areOperationsListed }: Pick<CallersFile, "siteIds" | "areOperationsListed">,
): readonly CallerEntry[] | null {
  let document: unknown;
  try {
    document = parseYaml(text);
  } catch {
    report("", "cannot be read as JSON or YAML");
    return null;
  }
  const read = fileSchema.safeParse(document);
  if (!read.success) {
    for (const issue of read.error.issues) report(pathOf(issue.path), messageOf(issue));
    return null;
  }
  let isWhole = true;
  const tell: Report = (path, problem) => {
    isWhole = false;
    report(path, problem);
  };
  const entries = read.data.callers.map((raw, index): CallerEntry => {
    for (const [at, scope] of raw.scopes.entries()) {
      checkScope(scope, `callers[${index}].scopes[${at}]`, { tell, siteIds });
    }
    for (const [at, own] of (raw.accounts ?? []).entries()) {
      const { siteId } = parseCallersAccount(own);
      // Nothing would be kept from an account of a site that there is not.
      if (siteId !== null) checkSite(siteId, `callers[${index}].accounts[${at}]`, { tell, siteIds });
    }
    if (raw.operations === "listed" && !areOperationsListed) {
      tell(`callers[${index}].operations`, "says listed, and OPERATIONS_FILE names no list");
    }
    return {
      name: raw.name,
      digest: digestIn(raw.token) ?? "",
      scopes: heldScopes(raw.scopes),
      accounts: (raw.accounts ?? []).map(parseCallersAccount),
      limits: definedOf(raw.limits ?? {}),
      operations: raw.operations ?? null,
    };
  });
  for (const key of ["name", "digest"] as const) reportRepeats(entries, key, tell);
  return isWhole ? entries : null;
}

interface Checking {
  readonly tell: Report;
  readonly siteIds: readonly string[] | null;
}

function checkScope(text: string, path: string, checking: Checking): void {
  const parsed = parseScope(text);
  if (parsed === null) {
    checking.tell(path, `must be one of ${scopes.join(", ")}, each with @ and a site behind it or without`);
  } else if (parsed.siteId !== null) checkSite(parsed.siteId, path, checking);
}

function checkSite(siteId: string, path: string, { tell, siteIds }: Checking): void {
  if (siteIds === null || siteIds.includes(siteId)) return;
  tell(path, `names a site that is not configured; these are: ${siteIds.join(", ")}`);
}

function reportRepeats(entries: readonly CallerEntry[], key: "name" | "digest", tell: Report): void {
  const seen = new Map<string, number>();
  entries.forEach((entry, index) => {
    // Names that differ in their case alone would be one person in a record, and two in a configuration.
    const first = seen.get(entry[key].toLowerCase());
    const field = key === "digest" ? "token" : key;
    if (first === undefined) seen.set(entry[key].toLowerCase(), index);
    else tell(`callers[${index}].${field}`, `is the same as that of callers[${first}]`);
  });
}

function digestIn(text: string): string | null {
  return /^sha256:([0-9a-f]{64})$/i.exec(text.trim())?.[1]?.toLowerCase() ?? null;
}

function definedOf<T extends object>(given: T): { readonly [Key in keyof T]?: NonNullable<T[Key]> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    readonly [Key in keyof T]?: NonNullable<T[Key]>;
  };
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? String(step) : `${text}.${String(step)}`;
  }, "");
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return `has keys that mean nothing here: ${issue.keys.join(", ")}`;
  return issue.message;
}
