/** An address from names: plain ASCII letters, dots between. */
export function makeEmail(parts: readonly string[], domain: string): string {
  const local = parts
    .join(".")
    .replace(/[ıđøł]/gi, (letter) => ({ ı: "i", đ: "d", ø: "o", ł: "l" })[letter.toLowerCase()] ?? letter)
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^a-z0-9.-]/g, "");
  return `${local}@${domain}`;
}
