import { access, constants } from "node:fs/promises";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The browser of this machine: `CHROME_PATH` where it is set, otherwise the first of the usual places; `null` for none. */
export async function findChromium(): Promise<string | null> {
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
