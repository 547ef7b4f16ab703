import type { ErrorCode } from '@stele/sdk';

/** What a failed check blames where the key that is being replaced still works. */
export const newKeyAlone = 'key';

/** What a check of an account found: nothing yet, that it works, that only the key before does, or why it doesn't. */
export type Finding =
  | { readonly state: 'unchecked' }
  | { readonly state: 'ok' }
  | { readonly state: 'replacing' }
  | { readonly state: 'failing'; readonly code: ErrorCode; readonly field?: string | undefined };

/** What a user does about an account, in words; nothing when it works. */
export function adviceFor(finding: Finding, username: string): string | undefined {
  if (finding.state === 'ok') return undefined;
  if (finding.state === 'unchecked') return `${addKey(username)} Then check.`;
  if (finding.state === 'replacing') return `${addKey(username)} Until then the key before it is used.`;
  if (isAboutSettings(finding)) return 'Whoever looks after this resource has to correct its settings: tell them.';
  if (finding.code === 'DENIED') return `${addKey(username)} Or correct the user name. Then check again.`;
  if (finding.code === 'UNREACHABLE') return 'Try again later. Nothing is wrong with your account as far as is known.';
  return 'Tell whoever looks after this resource.';
}

/** Whether adding the key to the account is what helps. */
export function needsKey(finding: Finding): boolean {
  if (finding.state === 'ok') return false;
  if (finding.state !== 'failing') return true;
  return finding.code === 'DENIED' && !isAboutSettings(finding);
}

const addKey = (username: string): string => `Add your key to ~/.ssh/authorized_keys of “${username}” there.`;

function isAboutSettings({ code, field }: Extract<Finding, { state: 'failing' }>): boolean {
  return code === 'INVALID' || /^(accessConf|conf)\b/.test(field ?? '');
}
