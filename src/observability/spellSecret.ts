/** Below this length a value stands in so many words that taking it out would make logs unreadable. */
const shortestSecret = 4;
/** Below this length a piece of base64 stands in other words by chance. */
const shortestEncoded = 8;

/** Every way in which a secret may be spelt in a text: as it is, URL-encoded, JSON-escaped (also as JSON
 * inside JSON inside JSON), and inside base64. */
export function spellSecret(value: string): string[] {
  if (value.length < shortestSecret) return [];
  const percentEncoded = encodeURIComponent(value);
  const spellings = new Set([
    value,
    percentEncoded,
    percentEncoded.replace(/%[0-9A-F]{2}/g, (sequence) => sequence.toLowerCase()),
    new URLSearchParams({ value }).toString().slice("value=".length),
    escapeJson(value),
    escapeJson(escapeJson(value)),
    escapeJson(escapeJson(escapeJson(value))),
    ...spellInBase64(value),
  ]);
  return [...spellings];
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/**
 * What of the secret is the same in the base64 of any text that holds it, such as `Basic` credentials, where the user
 * name stands before it: three alignments, each without the letters that also depend on a neighbour.
 */
function spellInBase64(value: string): string[] {
  const bytes = Buffer.from(value, "utf8");
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    const firstOwnLetter = Math.ceil((offset * 8) / 6);
    const lastOwnLetter = Math.floor(((offset + bytes.length) * 8) / 6);
    const piece = encoded.slice(firstOwnLetter, lastOwnLetter);
    if (piece.length < shortestEncoded) return [];
    return [piece, piece.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
