/** Lets everything run that is ready, background reads included. */
export function settleTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
