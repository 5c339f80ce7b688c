import type { z } from "zod";

/** Tells each issue of a schema with its path (`sites[0].credential.email`); keys that are not known each by their own. */
export function reportIssues(
  issues: readonly z.core.$ZodIssue[],
  prefix: readonly PropertyKey[],
  report: (path: string, problem: string) => void,
): void {
  for (const issue of issues) {
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) report(pathOf([...prefix, ...issue.path, key]), "is not a known key");
    } else report(pathOf([...prefix, ...issue.path]), issue.message);
  }
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : text === "" ? String(part) : `${text}.${String(part)}`,
    "",
  );
}
