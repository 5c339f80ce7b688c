/** A world file or a world description that is refused. */
export class InvalidWorld extends Error {
  override readonly name = "InvalidWorld";

  /** Every fault, each beginning with its path: `cloud.spaces[3].permissions[0].operation.key: missing`. */
  constructor(readonly faults: readonly string[]) {
    super(`The world is not valid:\n${faults.join("\n")}`);
  }
}
