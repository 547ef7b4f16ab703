/** Accounts that hosts have anyway: a user's name is part of paths, and what accounts are guessed by. */
const reserved = new Set(
  'root daemon bin sys adm nobody operator www-data sshd slurm munge postgres podman docker stele'.split(' '),
);

/**
 * Candidates for a user's name, the likeliest first: from what they are called elsewhere, or from the part of their
 * address before the `@`, in the grammar `userName`, then with a number behind.
 */
export function* usernames(wish: string): Generator<string> {
  const base = baseOf(wish);
  if (!reserved.has(base)) yield base;
  for (let count = 2; ; count += 1) yield `${base.slice(0, 31 - String(count).length)}-${count}`;
}

function baseOf(wish: string): string {
  const local = wish.slice(0, 1000).split('@')[0] ?? '';
  const plain = local
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\+.*$/, '')
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[-_]+|-+$/g, '');
  return plain.slice(0, 32) || 'user';
}
