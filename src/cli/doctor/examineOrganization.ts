import type { Organization } from "../../confluence/organizationPort.js";
import type { AccountId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import { type Examination, reasonOf } from "./Examination.js";

/** Looks at what only the organization knows: its key, its user search, last activity, and the synchronised directory. */
export async function examineOrganization(
  examination: Examination,
  organization: Organization | null,
  accountId: string | null,
): Promise<void> {
  if (organization === null) {
    examination.note(
      "organization",
      "ok",
      "none is configured: suspensions, licences and hidden e-mails are not known",
    );
    return;
  }
  const attempt = async (subject: string, neededFor: string, read: () => Promise<string>) => {
    try {
      examination.note(subject, "ok", await read(), neededFor);
    } catch (error) {
      examination.note(subject, "failed", reasonOf(error), neededFor);
    }
  };
  await attempt("organization key", "what the organization knows", async () => {
    await organization.checkKey();
    return `accepted for organization ${organization.orgId}`;
  });
  if (accountId !== null) {
    const id = accountId as AccountId;
    const stranger = "answers, and does not know our own account";
    let isKnown = true;
    await attempt("organization users", "suspensions, licences, e-mails", async () => {
      isKnown = (await organization.usersByIds([id])).has(id);
      return isKnown ? "knows our own account" : stranger;
    });
    await attempt("last activity", "lastActiveAt", async () => {
      const found = (await organization.lastActiveOf([id])).get(id);
      // Who is in none of its directories has no last activity there: that says nothing against the call.
      if (found instanceof SiteError && found.kind === "NotVisible" && !isKnown) return stranger;
      if (found instanceof Error) throw found;
      return "answers";
    });
  }
  const { directoryPeople } = organization;
  if (directoryPeople === null) {
    examination.note("synchronised directory", "ok", "none is configured: first and last names are not known");
    return;
  }
  await attempt("synchronised directory", "first and last names", async () => {
    const people = await directoryPeople();
    const [gap] = people.gaps;
    return gap === undefined ? `${people.items.length} people are joined to accounts` : gap.reason;
  });
}
