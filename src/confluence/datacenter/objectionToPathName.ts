const words = { user: "user name", group: "group name", space: "space key" } as const;

/** What stands in a path by its name. */
export type NamedInPath = keyof typeof words;

/**
 * Why a name cannot stand in a path, for a person; `null` where it can. Data Center's web server refuses an encoded slash
 * or backslash with a 400 of its own.
 */
export function objectionToPathName(kind: NamedInPath, name: string): string | null {
  const sign = /[/\\]/.exec(name)?.[0];
  if (sign === undefined) return null;
  return `The ${words[kind]} "${name}" holds a "${sign}", which Confluence Data Center takes in no path: its REST API cannot address the ${kind}.`;
}
