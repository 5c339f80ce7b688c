import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadConfigFromFile } from "vite";
import { expect, it } from "vitest";
import { z } from "zod";
import { settings } from "../../src/config/settings/settings.js";

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

it("the example page is developed against the address that the server has by itself", async () => {
  const file = join(root, "examples/access-review/vite.config.ts");
  const loaded = await loadConfigFromFile({ command: "serve", mode: "development" }, file);
  const address = `http://${settings.HOST.default}:${settings.PORT.default}`;
  expect(loaded?.config.server?.proxy).toEqual({ "/graphql": address });
  const { scripts } = z.object({ scripts: versions }).parse(read("examples/access-review/package.json"));
  const text = readFileSync(join(root, "examples/access-review/README.md"), "utf8");
  const commands = [...text.matchAll(/npm run (\w+)\n/g)].map(([, name = ""]) => name);
  expect(commands.sort()).toEqual(["build", "dev"]);
  expect(commands.filter((name) => !(name in scripts))).toEqual([]);
});
