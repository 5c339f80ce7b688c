/** What the site's own words call for, as advice; `null` where they say nothing that we know. */
export function adviceFromText(text: string): string | null {
  if (readOnlySite.test(text)) {
    return "The site is in read-only mode, in which nothing can be changed: an administrator of Confluence ends it, and then the change can be asked for again.";
  }
  if (readOnlyDirectory.test(text)) {
    return "Accounts and groups of a read-only directory (LDAP, Crowd) are changed there.";
  }
  if (/\blicen[cs]es?\b.*\b(available|left|exceeded|seats?)\b|\bno more licen[cs]es?\b/i.test(text)) {
    return "No licence seat is left: free one, or extend the licence.";
  }
  return null;
}

/** For maintenance an administrator can make a site read-only, whatever its directories are. */
const readOnlySite = /\bread[- ]?only mode\b|\b(site|confluence) is (currently |now )?read[- ]?only\b/i;
const readOnlyDirectory = /\bdirectory\b[^.]{0,60}\bread[- ]?only\b|\bread[- ]?only\b[^.]{0,60}\bdirectory\b/i;
