const longest = 2_000;

/**
 * What a resource said, as it is kept and shown: of a length, and without NUL, which the database refuses, or other control
 * characters but line breaks. It may belong to anybody, and say anything. Pure.
 */
export function said(text: string): string {
  const plain = text
    .slice(0, 2 * longest)
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]+/g, ' ')
    .toWellFormed();
  return plain.length <= longest ? plain : `${plain.slice(0, longest - 1).toWellFormed()}…`;
}
