import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";

const beginning = "-----BEGIN CERTIFICATE-----";
const certificate = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * The certificates of a PEM bundle, each checked; whatever else the file holds, such as a private key, stays behind.
 * `null` after telling what is wrong with the file.
 */
export function readCertificates(
  path: string,
  tell: (problem: string) => void,
  readFile: (path: string) => string = (name) => readFileSync(name, "utf8"),
): string | null {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    tell(`names a file that cannot be read${code}`);
    return null;
  }
  const begun = text.split(beginning).length - 1;
  if (begun === 0) {
    tell(`names a file without a certificate: it must be PEM, with ${beginning}`);
    return null;
  }
  const found = text.match(certificate) ?? [];
  if (found.length < begun || !found.every(isCertificate)) {
    tell(`names a file with a certificate that cannot be read: copy the whole bundle again, in PEM`);
    return null;
  }
  return `${found.join("\n")}\n`;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
