const looked = 4000;
/** What no text holds: control characters other than tab, line ends, form feed and escape; and what is not UTF-8. */
const strange = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f\ufffd]/g;

/** Whether decoded bytes look like something a person can read. */
export function isText(decoded: string): boolean {
  if (decoded.includes('\0')) return false;
  const start = decoded.slice(0, looked);
  return (start.match(strange)?.length ?? 0) <= start.length / 100;
}
