import type { ResolvedAccount } from "./ResolvedAccount.js";
import type { SpaceIndex } from "./SpaceIndex.js";

/**
 * What is known for one question. Both parts are built once and serve many questions: `resolveAccount` for every space of
 * an account, `indexSpace` for every account of a space.
 */
export interface AccessFacts {
  readonly account: ResolvedAccount;
  readonly space: SpaceIndex;
}
