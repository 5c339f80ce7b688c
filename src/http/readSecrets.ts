/** The strings of an `Authorization` value that must never be shown: whole, without its scheme, and decoded for Basic. */
export function readSecrets(authorization: string | undefined): readonly string[] {
  if (authorization === undefined) return [];
  const [scheme = "", ...rest] = authorization.split(" ");
  const credential = rest.join(" ").trim();
  const secrets = [authorization, credential];
  if (scheme.toLowerCase() === "basic") {
    const decoded = Buffer.from(credential, "base64").toString("utf8");
    secrets.push(decoded, decoded.slice(decoded.indexOf(":") + 1));
  }
  // Shorter ones would blank out ordinary text; no token is that short.
  return secrets.filter((secret) => secret.length >= 4);
}
