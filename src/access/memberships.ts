import type { Gap } from "../domain/Complete.js";
import type { Membership } from "./Membership.js";

/** The memberships there are; shared objects, because a search through a large site asks for millions. */
export const memberships = {
  yes: { is: "YES", restsOnLicence: false },
  yesIfLicensed: { is: "YES", restsOnLicence: true },
  no: { is: "NO", because: null },
  groupGone: { is: "NO", because: "GROUP_GONE" },
  inVain: { is: "NO", because: "IN_VAIN" },
  maybe: (gaps: readonly Gap[]): Membership => ({ is: "MAYBE", gaps }),
} as const satisfies Record<string, Membership | ((gaps: readonly Gap[]) => Membership)>;
