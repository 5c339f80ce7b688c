/** The picture of somebody who has none of their own. */
export function profilePicture(contextPath: string): Readonly<Record<string, unknown>> {
  return { path: `${contextPath}/images/icons/profilepics/default.svg`, width: 48, height: 48, isDefault: true };
}
