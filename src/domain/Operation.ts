import type { Deployment } from "./Site.js";

/**
 * What may be done, and on what. Both are open sets: live sites answer with keys beyond any documented list
 * (`export_content`, `manage_users`), and each is kept as it came.
 */
export interface Operation {
  readonly key: string;
  readonly target: string;
}

/** Where an operation was seen: in a role's definition, or in a grant. */
export type OperationSource = "ROLE" | "GRANT";

/** `read/space`: an operation as people and role definitions write it. */
export function operationName({ key, target }: Operation): string {
  return `${key}/${target}`;
}

/** What everything else in a space rests on. */
export const readSpace: Operation = { key: "read", target: "space" };

/** An operation that this graph knows without asking a site. */
export interface KnownOperation extends Operation {
  /** What it lets people do, in a person's words. */
  readonly meaning: string;
  /** Whether Atlassian's documents describe it; the others were seen in answers of live sites. */
  readonly isDescribed: boolean;
}

const described = (pair: string, meaning: string): KnownOperation => ({
  ...parseName(pair),
  meaning,
  isDescribed: true,
});
const seenLive = (pair: string, meaning: string): KnownOperation => ({
  ...parseName(pair),
  meaning,
  isDescribed: false,
});

const onBoth = [
  described("read/space", "See the space and what is in it."),
  described("create/page", "Add pages, and change them where nothing else says who may."),
  described("create/blogpost", "Add and change blog posts."),
  described("create/comment", "Add comments."),
  described("create/attachment", "Add attachments."),
  described("delete/page", "Delete pages."),
  described("delete/blogpost", "Delete blog posts."),
  described("delete/comment", "Delete comments."),
  described("delete/attachment", "Delete attachments."),
  described("delete/space", "Delete what one made oneself."),
  described("export/space", "Export the space."),
  described("restrict_content/space", "Restrict who may see or change a page."),
  described("administer/space", "Administer the space: its settings and who may do what."),
];

/**
 * The operations that are known of each deployment, by our names, which are Cloud's. Both sets are open: what else a site
 * answers with is shown as it comes.
 */
export const knownOperations: Readonly<Record<Deployment, readonly KnownOperation[]>> = {
  cloud: [
    ...onBoth,
    described("archive/page", "Archive pages."),
    seenLive("update/page", "Change pages. Comes with `create/page`."),
    seenLive("export_content/space", "Export single pages. Comes with `read/space`."),
    seenLive("archive_space/space", "Archive the space."),
    seenLive("delete_space/space", "Delete the space."),
    seenLive("manage_content/space", "Manage the content of the space."),
    seenLive("manage_guest_users/space", "Manage guests of the space."),
    seenLive("manage_look_and_feel/space", "Change how the space looks."),
    seenLive("manage_nonlicensed_users/space", "Manage access of people without a licence."),
    seenLive("manage_public_links/space", "Manage public links."),
    seenLive("manage_templates/space", "Manage templates."),
    seenLive("manage_users/space", "Manage who may do what in the space."),
  ],
  datacenter: [
    ...onBoth,
    described("delete_mail/space", "Delete mail that is kept in the space."),
    seenLive("export/page", "Export single pages."),
    described("use/application", "Use Confluence."),
    seenLive("use_unlicensed/application", "Use Confluence without a licence."),
    described("create/space", "Create spaces."),
    described("create/personal_space", "Have a personal space."),
    described("administer/application", "Administer Confluence."),
    described("administer/system", "Administer the system that Confluence runs on."),
  ],
};

/** What people call an operation that Confluence calls otherwise. */
const otherWords: ReadonlyMap<string, string> = new Map([
  ["view", "read"],
  ["see", "read"],
  ["edit", "update"],
  ["write", "update"],
  ["change", "update"],
  ["add", "create"],
  ["remove", "delete"],
  ["delete_own", "delete"],
  ["restrict", "restrict_content"],
  ["admin", "administer"],
  ["manage", "administer"],
]);

/** The word of some that a mistyped one was most likely meant to be; letter case does not count. */
export function nearestWord(word: string, words: readonly string[]): string | null {
  const lower = word.toLowerCase();
  const meant = otherWords.get(lower);
  if (meant !== undefined && words.includes(meant)) return meant;
  const longer = words.filter((candidate) => lower.length > 2 && candidate.toLowerCase().startsWith(lower));
  const [beginning] = longer.sort((left, right) => left.length - right.length);
  if (beginning !== undefined) return beginning;
  let nearest: { readonly word: string; readonly distance: number } | null = null;
  for (const candidate of words) {
    const distance = distanceBetween(lower, candidate.toLowerCase());
    if (nearest === null || distance < nearest.distance) nearest = { word: candidate, distance };
  }
  return nearest?.word ?? null;
}

/** Letters to put in, take out or change to make one text of the other. Long texts are told apart by their beginning. */
function distanceBetween(left: string, right: string): number {
  const [from, to] = [left.slice(0, 64), right.slice(0, 64)];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

function parseName(pair: string): Operation {
  const slash = pair.indexOf("/");
  return { key: pair.slice(0, slash), target: pair.slice(slash + 1) };
}
