import { pathToFileURL } from "node:url";
import { explorer } from "../../src/compose/explorer.js";
import type { ExampleQuery } from "../../src/server/ServerOptions.js";

/** The script of the explorer's page, which no compiler of ours reads. */
export const page: {
  firstValues(paths: Readonly<Record<string, string>>, data: unknown): Readonly<Record<string, unknown>>;
  filledVariables(variables: ExampleQuery["variables"], values: Readonly<Record<string, unknown>>): string | undefined;
} = await import(pathToFileURL("src/server/graphiql/browser/firstValues.js").href);

type Values = Readonly<Record<string, unknown>>;

/** The variables that the explorer's page puts into its examples over a server, by their titles; some values may be given. */
export async function fillExamples(
  ask: (query: string) => Promise<{ readonly data: unknown }>,
  given: Values = {},
): Promise<ReadonlyMap<string, Values>> {
  const values = { ...page.firstValues(explorer.values, (await ask(explorer.valuesQuery)).data), ...given };
  return new Map(
    explorer.examples.map(({ title, variables }) => [
      title,
      JSON.parse(page.filledVariables(variables, values) ?? "{}"),
    ]),
  );
}
