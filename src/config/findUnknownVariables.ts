import { settings } from "./settings.js";

const ownPrefixes = ["CONFLUENCE_", "CACHE_TTL_", "ATLASSIAN_"];
/** How many letters may differ for a name to be called a misspelling of another. */
const closeEnough = 3;

/** One sentence for each variable that looks like a setting of ours and is none. Names only, never values. */
export function findUnknownVariables(env: NodeJS.ProcessEnv): string[] {
  const known = Object.entries(settings).flatMap(([name, { isSecret }]) =>
    isSecret ? [name, `${name}_FILE`] : [name],
  );
  return Object.keys(env)
    .filter((name) => (env[name] ?? "").trim() !== "" && !known.includes(name))
    .filter((name) => ownPrefixes.some((prefix) => name.startsWith(prefix)))
    .sort()
    .map((name) => {
      const nearest = known
        .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
        .sort((left, right) => left.distance - right.distance)[0];
      const hint =
        nearest !== undefined && nearest.distance <= closeEnough ? ` Did you mean ${nearest.candidate}?` : "";
      return `The environment variable ${name} is not a setting and is ignored.${hint}`;
    });
}

/** Levenshtein's distance, one row at a time. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...left].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...right].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
