/**
 * What may be done, and on what. Both are open sets: live sites answer with keys beyond any documented list
 * (`export_content`, `manage_users`), and each is kept as it came.
 */
export interface Operation {
  readonly key: string;
  readonly target: string;
}

/** `read/space`: an operation as people and role definitions write it. */
export function operationName({ key, target }: Operation): string {
  return `${key}/${target}`;
}

/** What everything else in a space rests on. */
export const readSpace: Operation = { key: "read", target: "space" };
