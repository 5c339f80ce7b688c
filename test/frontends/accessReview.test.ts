import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchChromium } from "../e2e/findChromium.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { type ServedPage, servePage } from "./servePage.js";

const folder = join(import.meta.dirname, "../../examples/access-review");

const people = Array.from({ length: 30 }, (_, index) => human(index + 1));
const [ada, ben, cleo] = [
  { ...human(101), displayName: "Ada Archer" },
  { ...human(102), displayName: "Ben Baker" },
  { ...human(103), displayName: "Cleo Clark" },
];
const world = cloudWorld({
  accounts: [ada, ben, cleo, ...people],
  groups: [
    { id: "group-1", name: "engineers", members: [ben.accountId] },
    { id: "group-2", name: "synchronised", members: [cleo.accountId], managedBy: "EXTERNAL" },
    { id: "group-3", name: "readers", members: people.map(({ accountId }) => accountId) },
    { id: "group-4", name: "hidden", members: [] },
  ],
  spaces: [
    space(1, {
      name: "Engineering",
      permissions: [
        permission("user", ada.accountId),
        permission("user", ada.accountId, "create/page"),
        ...["group-1", "group-2", "group-3", "group-4"].map((id) => permission("group", id)),
      ],
    }),
    space(2, {
      name: "Plans",
      permissions: [permission("group", "group-1"), permission("group", "group-1", "create/page")],
    }),
  ],
});

/** The calls that the sandbox keeps waiting, until they are let go. */
class Gate {
  #open: () => void = () => undefined;
  #isOpen = new Promise<void>((resolve) => {
    this.#open = resolve;
  });
  readonly clock = { now: () => Date.now(), sleep: () => this.#isOpen };
  open = () => this.#open();
}

describe("the access review", () => {
  let browser: Browser | null = null;
  let site: ServedPage;
  beforeAll(async () => {
    browser = await launchChromium();
    if (browser !== null) site = await servePage(folder);
  });
  afterAll(() => Promise.all([browser?.close(), site?.close()]));
  beforeEach((context) => {
    if (browser === null) context.skip("no Chromium on this machine: install one, or set CHROME_PATH to it");
  });

  const complaints: string[] = [];
  afterEach(() => expect(complaints.splice(0)).toEqual([]));

  async function start(env: Readonly<Record<string, string>> = {}) {
    const gate = new Gate();
    const stack = await startProvisioning(world, { CORS_ORIGINS: site.origin, ...env }, { clock: gate.clock });
    const readWorld = async () => (await fetch(`${stack.sandbox.url}/__sandbox/world`)).json();
    return { stack, gate, readWorld };
  }

  async function open(graphUrl: string): Promise<Page> {
    if (browser === null) throw new Error("There is no browser.");
    site.askAt(graphUrl);
    const page = await browser.newPage();
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.setDefaultTimeout(80_000);
    await page.goto(site.origin);
    return page;
  }

  const row = (page: Page, name: string) => page.getByRole("row", { name: new RegExp(`^${name}`) });
  const notice = (page: Page, name: string) => page.getByRole("status", { name });

  it("goes from who can do what to what became of it, and changes that alone", async () => {
    const { stack: started, gate, readWorld } = await start();
    await using stack = started;
    await stack.fail(
      { match: "GET /wiki/rest/api/group/group-3/membersByGroupId", times: 1, delayMs: 1 },
      { match: "GET /wiki/rest/api/group/group-4/membersByGroupId", times: -1, status: 403 },
    );
    const page = await open(stack.server.graphqlUrl);

    // A site that is being read: who is there already, and that this is not all.
    await page.getByRole("searchbox", { name: "Find a space" }).fill("engin");
    await page.getByRole("link", { name: "Engineering" }).press("Enter");
    await notice(page, "Reading the site").waitFor();
    await notice(page, "this list is incomplete")
      .getByText("The access index has not come to it yet")
      .first()
      .waitFor();
    expect(await page.getByRole("rowheader").allInnerTexts()).not.toContain("Human 30");
    gate.open();
    await page.getByText("25 shown").waitFor();
    await notice(page, "Reading the site").waitFor({ state: "detached" });
    await page.getByText("The access index has not come to it yet").first().waitFor({ state: "detached" });

    // One group cannot be read, so that whoever has no other way may have that one.
    await notice(page, "this list is incomplete")
      .getByText(/members of group/)
      .waitFor();
    await page.getByRole("button", { name: "More people" }).click();
    await page.getByText("33 shown").waitFor();
    expect(await row(page, "Ada Archer").innerText()).toContain("Sure");

    // Why, and what would end it for this person alone.
    await page.getByRole("button", { name: "Why Ben Baker: 1 way" }).press("Enter");
    await page.getByText("member of engineers → read space, granted to engineers").waitFor();
    await page.getByRole("button", { name: "Why Cleo Clark: 1 way" }).click();
    await page.getByText("Stays: the group is managed outside Atlassian: change it there.").waitFor();
    const decide = (name: string, decision: string) =>
      page.getByRole("group", { name: `Decision for ${name}` }).getByRole("radio", { name: decision });
    expect(await decide("Cleo Clark", "Revoke").isDisabled()).toBe(true);
    await decide("Cleo Clark", "Keep").check();
    await decide("Ada Archer", "Revoke").check();
    await decide("Ben Baker", "Revoke").focus();
    await page.keyboard.press("Space");
    await page.getByText("33 shown · 1 to keep · 2 to revoke").waitFor();

    // What it would come to, as far as anybody can say: elsewhere as well.
    const before = await readWorld();
    await page.getByRole("button", { name: "Preview the impact" }).click();
    const dialog = page.getByRole("dialog", { name: "What this would change" });
    await dialog.getByText("Ada Archer loses create page; may lose read space").waitFor();
    await dialog.getByText("Ben Baker in Plans loses read space, create page").waitFor();
    expect(await readWorld()).toEqual(before);

    // One of two fails: each is named with its outcome, and the list is as the site now is.
    await stack.fail({ match: "DELETE /wiki/rest/api/space/S1/permission/*", times: -1, status: 403 });
    await dialog.getByRole("textbox", { name: "Why, for the record" }).fill("Review of the quarter");
    await dialog.getByRole("button", { name: "Apply" }).click();
    const ended = page.getByRole("dialog", { name: "What became of it" });
    await ended.getByText("Ben Baker, member of engineers: revoked").waitFor();
    await ended.getByText("Ada Archer, read space, granted directly: failed").waitFor();
    await ended.getByRole("alert").getByText("403").waitFor();
    await ended.getByRole("button", { name: "Done" }).click();
    await page.getByText("33 shown · 1 to keep · 1 to revoke").waitFor();
    await row(page, "Ben Baker").getByText("Not sure").waitFor();
    await row(page, "Ada Archer").getByText("Sure", { exact: true }).waitFor();

    const after = await readWorld();
    const engineers = (from: typeof before) => from.cloud.groups.find(({ id }: { id: string }) => id === "group-1");
    expect(engineers(after).members).toEqual([]);
    engineers(after).members = engineers(before).members;
    expect(after).toEqual(before);
    expect((await stack.audit()).find(({ reason }) => reason !== undefined)?.reason).toBe("Review of the quarter");
    await page.close();
  });

  it("asks for a token where the server wants one, and keeps it nowhere", async () => {
    const token = "a-token-that-a-person-types-long-enough";
    const { stack: started } = await start({ CALLER_TOKEN: token });
    await using stack = started;
    const page = await open(stack.server.graphqlUrl);
    await page.getByLabel("This server answers callers with a token alone").fill(token);
    await page.getByRole("button", { name: "Use it" }).click();
    await page.getByRole("link", { name: "Engineering" }).waitFor();
    expect(await page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")).toBe('[{},{},""]');
    // What the browser says of the answer that asked for it.
    expect(complaints.splice(0)).toEqual([expect.stringContaining("401")]);
    await page.close();
  });

  it("never shows what could not be read as nobody", async () => {
    const { stack: started } = await start();
    await using stack = started;
    await stack.fail({ match: "GET /wiki/api/v2/spaces/1001/permissions", times: -1, status: 403 });
    const page = await open(stack.server.graphqlUrl);
    await page.getByRole("link", { name: "Engineering" }).click();
    await notice(page, "this list is incomplete").getByText("what space 1001 grants").waitFor();
    expect(await page.getByText("Nobody.", { exact: true }).count()).toBe(0);
    await page.close();
  });
});
