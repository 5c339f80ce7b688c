import type { Plan } from "./reconcile/Plan.js";

/** Why an account that is, or may be, the one that we sign in with is not switched off; `null` for anybody else's. */
export function refuseOwnAccount(isOwn: boolean | null): Plan | null {
  if (isOwn === false) return null;
  const field = ["account"];
  const message =
    isOwn === null
      ? "Which account the credential belongs to is not told, so it may be this one, and nothing is changed."
      : "This is the account that this service signs in with: it would lock itself out. Have an administrator do it, or configure another credential first.";
  return { kind: "refused", fault: { code: isOwn === null ? "STATE_UNKNOWN" : "OWN_ACCOUNT", field, message } };
}
