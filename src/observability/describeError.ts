/** An error as log fields: type, message, stack, what it carries beside them, and its cause. */
export function describeError(error: Error): Record<string, unknown> {
  const { name, message, stack, cause, ...carried } = error as Error & Record<string, unknown>;
  return {
    type: name,
    message,
    ...carried,
    ...(cause === undefined ? {} : { cause }),
    stack,
  };
}
