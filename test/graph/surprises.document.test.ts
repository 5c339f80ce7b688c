import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const root = new URL("../../", import.meta.url);
const document = readFileSync(new URL("docs/confluence-surprises.md", root), "utf8");

/** The rows of all tables, without their heads. */
const rows = document
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| Confluence |"))
  .map((line) => {
    const cells = line.split("|").map((cell) => cell.trim());
    const [, path = "", name = ""] = /^`([^`]+)`: (.+)$/.exec(cells.at(-2) ?? "") ?? [];
    return { line, path, name };
  });

describe("docs/confluence-surprises.md", () => {
  it("has rows to check", () => {
    expect(rows.length).toBeGreaterThan(50);
  });

  it("names for every surprise a test that is there", () => {
    const wrong = rows.filter(({ path, name }) => {
      const file = new URL(path, root);
      return path === "" || !existsSync(file) || !readFileSync(file, "utf8").includes(`"${name}"`);
    });
    expect(wrong.map(({ line }) => line)).toEqual([]);
  });
});
