import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exampleQueries } from "../../src/compose/exampleQueries.js";
import { launchChromium } from "./findChromium.js";
import { type ServerProgram, startServerProgram } from "./startServerProgram.js";

/** In the page: which operation GraphiQL runs, by the tab that it shows. */
const activeOperation = `(({ tabs, activeTabIndex }) => tabs[activeTabIndex].operationName)(
  JSON.parse(localStorage.getItem("confluence-access-graph:graphiql:tabState")),
)`;

/** What a page asked for and complained about. */
interface Watched {
  readonly page: Page;
  readonly requests: string[];
  readonly complaints: string[];
}

describe("GraphiQL in a browser", () => {
  let browser: Browser | null = null;
  let server: ServerProgram;
  beforeAll(async () => {
    browser = await launchChromium();
    if (browser !== null) server = await startServerProgram({ INDEX_WARM: "on" });
  });
  afterAll(() => Promise.all([browser?.close(), server?.dispose()]));
  beforeEach((context) => {
    if (browser === null) context.skip("no Chromium on this machine: install one, or set CHROME_PATH to it");
  });

  async function open(url = server.graphiqlUrl): Promise<Watched> {
    if (browser === null) throw new Error("There is no browser.");
    const page = await browser.newPage();
    // The first question waits until the sites are crawled, and the machine may be busy with something else.
    page.setDefaultTimeout(80_000);
    const [requests, complaints]: [string[], string[]] = [[], []];
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(url);
    await page.locator(".graphiql-execute-button").waitFor();
    return { page, requests, complaints };
  }

  describe("at first", () => {
    // One page for all of these: each of its four megabytes is parsed again in another one.
    let watched: Watched | null = null;
    beforeAll(async () => {
      if (browser !== null) watched = await open();
    });
    afterAll(() => watched?.page.close());
    const shown = () => {
      if (watched === null) throw new Error("There is no page.");
      return watched.page;
    };

    it("says which server and sites these are, and what may be changed there", async () => {
      expect(await shown().title()).toBe("Confluence access graph");
      const sites = shown().getByRole("list", { name: "Sites" }).getByRole("listitem");
      expect(await sites.allInnerTexts()).toEqual([
        expect.stringMatching(/^Embedded sandbox, Cloud\s*sandbox\s*changes on$/),
        expect.stringMatching(/^Embedded sandbox, Data Center\s*sandbox\s*changes on$/),
      ]);
    });

    it("has its landmarks: what the page is about above, GraphiQL as what is on it", async () => {
      await shown().getByRole("banner").getByRole("heading", { level: 1 }).waitFor();
      await shown().getByRole("main").locator(".graphiql-execute-button").waitFor();
    });

    it("runs every question that stands in a tab to an answer without an error", async () => {
      for (const { title } of exampleQueries.filter(({ isTab }) => isTab)) {
        await shown().getByRole("tab", { name: title }).click();
        await shown().locator(".invitation").waitFor();
        // GraphiQL looks a moment later which operation the tab holds, and runs the last tab's until then.
        await expect.poll(() => shown().evaluate(activeOperation)).toBe(title);
        await shown().locator(".graphiql-execute-button").click();
        const answer = shown().locator(".result-window");
        await answer.getByText('"data"').first().waitFor();
        expect(await answer.textContent()).not.toContain('"errors"');
        await shown().locator(".invitation").waitFor({ state: "detached" });
      }
    }, 180_000);

    it("has all tabs and the button for one more on the screen beside Docs, and opens further questions from the menu", async () => {
      const tabs = shown().locator(".graphiql-tab-button");
      const titles = exampleQueries.filter(({ isTab }) => isTab).map(({ title }) => title);
      expect(await tabs.allInnerTexts()).toEqual(titles);
      await shown().getByLabel("Show Documentation Explorer").click();
      for (const each of [...(await tabs.all()), shown().locator(".graphiql-tab-add")]) {
        const box = await each.boundingBox();
        expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThan(shown().viewportSize()?.width ?? 0);
      }
      await shown().getByLabel("Open an example in a new tab").selectOption("NestedMembers");
      await shown().getByRole("tab", { name: "NestedMembers" }).waitFor();
      await expect.poll(() => shown().evaluate(activeOperation)).toBe("NestedMembers");
      await shown().locator(".graphiql-execute-button").click();
      const answer = shown().locator(".result-window");
      await answer.getByText('"isDirect"').first().waitFor();
      expect(await answer.textContent()).not.toContain('"errors"');
    });

    it("has asked nothing of another machine, and complained of nothing", () => {
      const { origin } = new URL(server.graphiqlUrl);
      const requests = watched?.requests ?? [];
      expect(requests.length).toBeGreaterThan(6);
      expect(requests.filter((url) => !url.startsWith("data:") && new URL(url).origin !== origin)).toEqual([]);
      expect(watched?.complaints).toEqual([]);
    });
  });

  it("asks for a token where callers are told apart, fetches the schema with it, and does not keep it", async () => {
    const token = "a-token-that-a-person-typed-by-hand";
    const guarded = await startServerProgram({ CALLER_TOKEN: token });
    const { page } = await open(guarded.graphiqlUrl);
    await page.getByText("This server asks who you are").waitFor();
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Use" }).click();
    await page.getByRole("list", { name: "Sites" }).waitFor();
    await page.getByLabel("Show Documentation Explorer").click();
    await page
      .getByText("Every Confluence site")
      .or(page.getByRole("link", { name: "Query" }))
      .first()
      .waitFor();
    // One that waits for no index.
    await page.getByRole("tab", { name: "OnePerson" }).click();
    await expect.poll(() => page.evaluate(activeOperation)).toBe("OnePerson");
    await page.locator(".graphiql-execute-button").click();
    await page.locator(".result-window").getByText('"identity"').first().waitFor();
    const kept = await page.evaluate("JSON.stringify(localStorage)");
    expect(kept).toContain("OnePerson");
    expect(kept).not.toContain(token);
    await page.close();
    await guarded.dispose();
  });

  it("takes a caller's token in the headers editor and does not keep it", async () => {
    const { page } = await open();
    await page.locator('button[data-name="headers"]').click();
    await page.locator(".graphiql-editor-tool .CodeMirror:visible").click();
    await page.keyboard.insertText('{ "Authorization": "Bearer a-token-typed-by-a-person" }');
    const sent = page.waitForRequest((request) => request.url() === server.graphqlUrl && request.method() === "POST");
    await page.locator(".graphiql-execute-button").click();
    expect((await sent).headers().authorization).toBe("Bearer a-token-typed-by-a-person");
    await page.locator(".result-window").getByText('"totalCount"').first().waitFor();
    const kept = await page.evaluate("JSON.stringify(localStorage)");
    expect(kept).toContain("WhoCanRead");
    expect(kept).not.toContain("a-token-typed-by-a-person");
    await page.close();
  });
});
