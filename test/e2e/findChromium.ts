import { access, constants } from "node:fs/promises";
import { type Browser, chromium } from "playwright-core";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The browser of this machine: `CHROME_PATH` where it is set, otherwise the first of the usual places; `null` for none. */
async function findChromium(): Promise<string | null> {
  const named = process.env.CHROME_PATH;
  for (const path of named === undefined || named === "" ? places : [named]) {
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return null;
}

const browserArguments = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** That browser, started; `null` for none. */
export async function launchChromium(): Promise<Browser | null> {
  const executablePath = await findChromium();
  return executablePath === null ? null : chromium.launch({ executablePath, args: browserArguments, timeout: 120_000 });
}
