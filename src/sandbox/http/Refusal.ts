/** A request that a route refuses. Its service turns it into the error body of its API. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly status: number,
    message: string,
    /** The `code` of a v2 error; chosen from the status when absent. */
    readonly code?: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}
