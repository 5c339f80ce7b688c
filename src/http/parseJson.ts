/** Texts, which may hold anything, and numbers. */
const textsAndNumbers = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;
const longInteger = /^-?[1-9]\d{15,}$/;
/** Where there may be a long integer, be it inside of a text: most answers have none and are parsed at once. */
const hint = /[[:,]\s*-?\d{16}/;

/**
 * Parsed JSON, in which integers that a number cannot hold are texts: ids of 64 bits come as numbers from some sites, and
 * parsing them as such makes other ids of them. Throws a `SyntaxError` like `JSON.parse`.
 */
export function parseJson(text: string): unknown {
  return JSON.parse(hint.test(text) ? text.replace(textsAndNumbers, asText) : text);
}

function asText(token: string): string {
  return longInteger.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
}
