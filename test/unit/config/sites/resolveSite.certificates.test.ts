import { X509Certificate } from "node:crypto";
import { expect, it } from "vitest";
import { readCertificates } from "../../../../src/config/sites/resolveSite.js";
import { certificates } from "../certificates.js";

const [first, second] = certificates;
const key = "-----BEGIN PRIVATE KEY-----\nplanted-key\n-----END PRIVATE KEY-----";

function read(text: string) {
  const told: string[] = [];
  const pem = readCertificates(
    "ca.pem",
    (problem) => told.push(problem),
    () => text,
  );
  return { pem, told };
}

it("reads every certificate of a bundle, whatever stands between them and however lines end", () => {
  const { pem, told } = read(`# the old one\r\n${first.replaceAll("\n", "\r\n")}\r\n# the new one\n${second}`);
  expect(told).toEqual([]);
  const blocks = pem?.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? [];
  expect(blocks.map((block) => new X509Certificate(block).subject)).toEqual([
    "CN=Test authority 1",
    "CN=Test authority 2",
  ]);
});

it("leaves a private key that stands in the same file behind", () => {
  expect(read(`${key}\n${first}\n${key}`)).toEqual({ pem: `${first}\n`, told: [] });
});

it.each([
  ["an empty file", "", /without a certificate/],
  ["a private key alone", key, /without a certificate/],
  ["a certificate in DER", "\u0030\u0082\u0001", /without a certificate/],
  ["a broken certificate", first.replace("MII", "AAA"), /cannot be read/],
  ["a broken certificate after a good one", `${first}\n${second.replace("MII", "AAA")}`, /cannot be read/],
  ["a certificate cut short", first.slice(0, 300), /cannot be read/],
  ["a certificate cut short before a good one", `${first.slice(0, 300)}\n${second}`, /cannot be read/],
])("refuses %s, and quotes nothing of it", (_name, text, problem) => {
  const { pem, told } = read(text);
  expect(pem).toBeNull();
  expect(told).toEqual([expect.stringMatching(problem)]);
  expect(told.join()).not.toMatch(/planted|MII/);
});

it("says why a file cannot be read", () => {
  const told: string[] = [];
  expect(readCertificates("/nowhere/at/all.pem", (problem) => told.push(problem))).toBeNull();
  expect(told).toEqual(["names a file that cannot be read (ENOENT)"]);
});
