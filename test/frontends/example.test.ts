import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";

const root = join(import.meta.dirname, "../..");
const versions = z.record(z.string(), z.string());
const manifest = z.object({ dependencies: versions, devDependencies: versions });
const locked = z.object({ packages: z.record(z.string(), z.looseObject({ version: z.string().optional() })) });
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), "utf8"));

it("the example page is built here with what its own lock installs", () => {
  const own = manifest.parse(read("examples/access-review/package.json"));
  const [there, here] = ["examples/access-review/package-lock.json", "package-lock.json"].map(
    (path) => locked.parse(read(path)).packages,
  );
  const wanted = { ...own.dependencies, ...own.devDependencies };
  expect(Object.keys(wanted).length).toBeGreaterThan(5);
  for (const [name, version] of Object.entries(wanted)) {
    expect([name, there?.[`node_modules/${name}`]?.version]).toEqual([name, version]);
    expect([name, here?.[`node_modules/${name}`]?.version]).toEqual([name, version]);
  }
});
