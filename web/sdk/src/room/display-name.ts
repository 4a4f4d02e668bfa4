const longest = 64;
const refused = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]+/gu;

/** A name as the server takes it: one line, at most 64 characters. Undefined when nothing is left: a bad name must not keep anyone out. */
export function presentableName(name: string | undefined): string | undefined {
  let text = "";
  for (const character of (name ?? "").replace(refused, " ").trim()) {
    if (text.length + character.length > longest) break;
    text += character;
  }
  return text.trim() || undefined;
}
