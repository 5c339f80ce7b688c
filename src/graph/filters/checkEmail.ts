import { InputError } from "../errors/InputError.js";
import type { AccountFilter } from "../inputs/AccountFilter.js";

/** An e-mail address without the space around it; throws `BAD_USER_INPUT` for what can be none, which nobody would have. */
export function checkEmail(text: string, argument: string): string {
  const email = text.trim();
  const at = email.lastIndexOf("@");
  if (at > 0 && at < email.length - 1) return email;
  throw new InputError(
    "INVALID_EMAIL",
    argument,
    `\`${argument}\` takes e-mail addresses, and an address has an @ with something before and behind it: ${quoted(text)} has not. To look for a part of an address use \`filter: { text: … }\` of accounts.`,
  );
}

/** Refuses a filter that no account could fit, because it was mistyped. Before anything is read. */
export function checkAccountFilter(filter: AccountFilter | null | undefined): void {
  for (const email of filter?.emails ?? []) checkEmail(email, "emails");
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
