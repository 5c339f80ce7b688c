import type { Operation } from "../domain/Operation.js";

export type OperationSource = "ROLE" | "GRANT";

/** More than any site has; a site that makes up new ones for ever must not fill the memory. */
const maxOperations = 2_000;

/**
 * The operations that were seen in what was read of a site with one credential: a catalogue that costs no call. It holds
 * what is shown, never what the configuration leaves out.
 */
export class SeenOperations {
  readonly #sources = new Map<string, Map<string, OperationSource>>();
  #size = 0;

  note({ key, target }: Operation, source: OperationSource): void {
    const targets = this.#sources.get(key);
    const known = targets?.get(target);
    if (known === source || known === "ROLE") return;
    if (known === undefined && this.#size >= maxOperations) return;
    if (known === undefined) this.#size += 1;
    if (targets === undefined) this.#sources.set(key, new Map([[target, source]]));
    else targets.set(target, source);
  }

  all(): readonly (Operation & { readonly source: OperationSource })[] {
    return [...this.#sources].flatMap(([key, targets]) =>
      [...targets].map(([target, source]) => ({ key, target, source })),
    );
  }
}
