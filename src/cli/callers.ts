import { randomBytes } from "node:crypto";
import { digestOf } from "../callers/TokenTable.js";
import { callersFromText } from "../config/callers/callersFromFile.js";
import { endWithReader, exitCodes, Misuse, runCommand } from "./runCommand.js";

const usage = `Usage: confluence-access-graph callers new --name <name> [--scope <scope> …]
       (in a clone: npm run --silent callers -- new …)

new   makes a token for a caller, and its entry of CALLERS_FILE, which holds the digest of the token and not the token.

  --name <name>     how the caller stands in the record: letters, digits, dots, dashes and underscores
  --scope <scope>   read, read:personal, grant, grant:administration, lifecycle or audit, on one site with @ and its id
                    behind it (grant@acme); given once for each, and read alone where none is given
  --help            this text
  --version         the version of this product

The token goes to standard output, so that it can be piped to where the caller keeps it; it is shown once and stored nowhere.
The entry goes to standard error. Ends with 0, or with 2 when the options are at fault.
`;

/** Made of 256 random bits, with a beginning by which those who look for leaked secrets find it. */
function makeToken(): string {
  return `cag_${randomBytes(32).toString("base64url")}`;
}

async function makeCaller(values: {
  readonly name?: string | undefined;
  readonly scope?: readonly string[] | undefined;
}): Promise<number> {
  endWithReader();
  const { name, scope = ["read"] } = values;
  if (name === undefined) throw new Misuse("Give the caller a --name. See --help.");
  const token = makeToken();
  const entry = { name, token: `sha256:${digestOf(token).toString("hex")}`, scopes: scope };
  const problems: string[] = [];
  callersFromText(JSON.stringify({ callers: [entry] }), (_path, problem) => problems.push(problem), {
    siteIds: null,
    areOperationsListed: true,
  });
  const [problem] = problems;
  if (problem !== undefined) throw new Misuse(`The name or a scope cannot be used: it ${problem}. See --help.`);
  process.stderr.write(
    [
      "Add this to `callers` of CALLERS_FILE:",
      `  - name: ${name}`,
      `    token: ${entry.token}`,
      `    scopes: [${scope.map((each) => JSON.stringify(each)).join(", ")}]`,
      "The token, shown this once:",
      "",
    ].join("\n"),
  );
  process.stdout.write(`${token}\n`);
  return exitCodes.fine;
}

await runCommand({
  usage,
  actions: ["new"],
  options: { name: { type: "string" }, scope: { type: "string", multiple: true } },
  run: makeCaller,
});
