import { expect, it } from "vitest";
import { readSecretFiles } from "../../../../src/config/settings/readSettings.js";

const files: Readonly<Record<string, string>> = {
  "/run/token": "from-a-file\n",
  "/run/empty": " \n",
  "/run/password": " with blanks \r\n",
};
const readFile = (path: string) => {
  const text = files[path];
  if (text === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
  return text;
};

it("reads a secret from the file that NAME_FILE names, without its last line break", () => {
  const { env, faults } = readSecretFiles({ CONFLUENCE_API_TOKEN_FILE: "/run/token", PORT: "1" }, readFile);
  expect(faults).toEqual([]);
  expect(env).toMatchObject({ CONFLUENCE_API_TOKEN: "from-a-file", PORT: "1" });
});

it.each([
  ["a file that is not there", { CALLER_TOKEN_FILE: "/run/nothing" }, "names a file that cannot be read (ENOENT)"],
  ["an empty file", { CALLER_TOKEN_FILE: "/run/empty" }, "names an empty file"],
  [
    "a file beside the variable itself",
    { CALLER_TOKEN_FILE: "/run/token", CALLER_TOKEN: "x" },
    "is set together with CALLER_TOKEN: keep one of them",
  ],
])("reports %s as a fault of that variable", (_name, environment, problem) => {
  const { faults } = readSecretFiles(environment, readFile);
  expect(faults).toMatchObject([{ variable: "CALLER_TOKEN_FILE", problem }]);
});

it("leaves NAME_FILE of a setting that is no secret alone", () => {
  expect(readSecretFiles({ PORT_FILE: "/run/token" }, readFile)).toEqual({
    env: { PORT_FILE: "/run/token" },
    faults: [],
  });
});

it("keeps the blanks around a password, which may belong to it", () => {
  expect(readSecretFiles({ CONFLUENCE_PASSWORD_FILE: "/run/password" }, readFile).env.CONFLUENCE_PASSWORD).toBe(
    " with blanks ",
  );
  expect(readSecretFiles({ CONFLUENCE_PASSWORD_FILE: "/run/empty" }, readFile).faults).toMatchObject([
    { variable: "CONFLUENCE_PASSWORD_FILE", problem: "names an empty file" },
  ]);
});

it("leaves CONFLUENCE_CA_FILE alone, which is a setting of its own", () => {
  expect(readSecretFiles({ CONFLUENCE_CA_FILE: "/run/token" }, readFile)).toEqual({
    env: { CONFLUENCE_CA_FILE: "/run/token" },
    faults: [],
  });
});
