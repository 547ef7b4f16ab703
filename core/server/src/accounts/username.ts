/**
 * Candidates for a user's name, the likeliest first: from the part of the address before the `@`, in the grammar
 * `userName`, then with a number behind.
 */
export function* usernames(email: string): Generator<string> {
  const base = baseOf(email);
  yield base;
  for (let count = 2; ; count += 1) yield `${base.slice(0, 31 - String(count).length)}-${count}`;
}

function baseOf(email: string): string {
  const local = email.split('@')[0] ?? '';
  const plain = local
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\+.*$/, '')
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[-_]+|-+$/g, '');
  return plain.slice(0, 32) || 'user';
}
