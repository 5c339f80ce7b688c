import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exampleQueries } from "../../src/compose/exampleQueries.js";
import { launchChromium } from "./findChromium.js";
import { type ServerProgram, startServerProgram } from "./startServerProgram.js";

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
    if (browser !== null) server = await startServerProgram();
  });
  afterAll(() => Promise.all([browser?.close(), server?.dispose()]));
  beforeEach((context) => {
    if (browser === null) context.skip("no Chromium on this machine: install one, or set CHROME_PATH to it");
  });

  async function open(): Promise<Watched> {
    if (browser === null) throw new Error("There is no browser.");
    const page = await browser.newPage();
    const [requests, complaints]: [string[], string[]] = [[], []];
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(server.graphiqlUrl);
    await page.locator(".graphiql-execute-button").waitFor();
    return { page, requests, complaints };
  }

  it("runs the first example and shows its data, and no request leaves the machine", async () => {
    const { page, requests, complaints } = await open();
    expect(await page.title()).toBe("Confluence access graph");
    await page.locator(".graphiql-execute-button").click();
    const answer = page.locator(".result-window");
    await answer.getByText('"totalCount"').first().waitFor();
    expect(await answer.textContent()).toMatch(/"data": \{\s*"spaces": \{/);

    const { origin } = new URL(server.graphiqlUrl);
    const elsewhere = requests.filter((url) => !url.startsWith("data:") && new URL(url).origin !== origin);
    expect(requests.length).toBeGreaterThan(6);
    expect(elsewhere).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("has a tab for each example, named after its operation", async () => {
    const { page } = await open();
    expect(await page.locator(".graphiql-tab-button").allInnerTexts()).toEqual(
      exampleQueries.map(({ title }) => title),
    );
    await page.close();
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
