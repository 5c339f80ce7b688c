/**
 * Why a name cannot stand in a path, for a person; `null` where it can. Data Center's web server refuses an encoded slash
 * or backslash with a 400 of its own.
 */
export function objectionToPathName(kind: "user" | "group", name: string): string | null {
  const sign = /[/\\]/.exec(name)?.[0];
  if (sign === undefined) return null;
  return `The ${kind} name "${name}" holds a "${sign}", which Confluence Data Center takes in no path: its REST API cannot address the ${kind}.`;
}
