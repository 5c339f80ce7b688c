import { GraphQLError, type GraphQLFormattedError } from "graphql";

const holdsPassword = /password/i;

/**
 * The message of an error of the library, without quoting a request that mentions a password: the library prints what it does
 * not understand, in a dozen forms, whichever of its fields is at fault. What is left names the place, the kind of fault and
 * the field, and never a value. Other messages are kept as they are.
 */
export function withoutPasswords(shown: GraphQLFormattedError, error: unknown): string {
  const { message, locations = [], path } = shown;
  // Errors with a path are the resolvers', in our own words.
  if (path !== undefined || !(holdsPassword.test(message) || holdsPassword.test(documentOf(error)))) return message;
  const describe = describers[String(shown.extensions?.code)];
  if (describe === undefined) return message;
  const places = locations.map(({ line, column }) => `line ${line}, column ${column}`).join(" and ");
  return describe(message, places === "" ? "the request" : places);
}

const describers: Readonly<Record<string, (message: string, place: string) => string>> = {
  GRAPHQL_PARSE_FAILED: (_, place) =>
    `Syntax error at ${place}. What stands there is not repeated, because the request mentions a password.`,
  GRAPHQL_VALIDATION_FAILED: (message, place) =>
    `The document does not fit the schema at ${place}${because(message, documentFaults)} What stands there is not repeated, because the request mentions a password.`,
  BAD_USER_INPUT: (message) => describeVariable(message),
};

function describeVariable(message: string): string {
  const [, name] = /^Variable "\$(\w+)" /.exec(message) ?? [];
  if (name === undefined)
    return "The variables do not fit the schema. They are not repeated, because they mention a password.";
  if (/^Variable "\$\w+" of (required|non-null) type "[^"]*" (was not provided|must not be null)\.$/.test(message))
    return message;
  // Quotes of a text inside the value are escaped, so that these are the library's own.
  const field = message
    .match(/ at "(\w+(?:\.\w+|\[\d+\])*)"; /g)
    ?.at(-1)
    ?.slice(5, -3);
  const place = field === undefined ? "" : ` at "${field}"`;
  return `Variable "$${name}" got an invalid value${place}${because(message, variableFaults)} The value is not repeated, because the request mentions a password.`;
}

/** Kinds of fault, as the library words them: of what they quote, only names of the schema and of fields are kept. */
const everywhere = [
  /Field "[\w.]+" of required type "[\w![\]]+" was not provided\.$/,
  /Expected type "\w+" to be an object\.$/,
  /Expected non-nullable type "[\w![\]]+" not to be null\.$/,
  /\b(?:String|Int|Float|Boolean|ID) cannot represent (?:an? )?(?:non[- ]\w+(?: \w+)? )?value(?=: )/,
];
/** A name in the document may be what is left of a password without its quotes, so the fields that the schema lacks go unnamed. */
const documentFaults = [...everywhere, /^Cannot query field "\w+" on type "\w+"\./];
const variableFaults = [...everywhere, /Field "\w+" is not defined by type "\w+"\.(?= Did you mean|$)/];

function because(message: string, faults: readonly RegExp[]): string {
  const [fault] = faults.flatMap((pattern) => pattern.exec(message)?.[0] ?? []);
  return fault === undefined ? "." : `: ${fault.replace(/\.$/, "")}.`;
}

function documentOf(error: unknown): string {
  return error instanceof GraphQLError ? (error.source?.body ?? "") : "";
}
