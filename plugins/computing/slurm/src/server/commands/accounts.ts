import { isWord } from '../grammar.ts';
import type { Allowance } from '../scheduler.ts';

/** The question about what one user may use. */
export function associationsQuestion(user: string): readonly string[] {
  return ['sacctmgr', '--noheader', '--parsable2', 'show', 'associations', `user=${user}`, 'format=account,qos'];
}

/** The question about the account that is charged unless one is named. */
export function defaultAccountQuestion(user: string): readonly string[] {
  return ['sacctmgr', '--noheader', '--parsable2', 'show', 'user', user, 'format=defaultaccount'];
}

/** Reads both answers. */
export function parseAllowance(associations: string, user: string): Allowance {
  const rows = associations.split('\n').map((line) => line.split('|'));
  const accounts = [...new Set(rows.map(([account = '']) => account).filter(isWord))].sort();
  const qos = [...new Set(rows.flatMap(([, names = '']) => names.split(',')).filter(isWord))].sort();
  const standard = user.split('\n')[0]?.trim() ?? '';
  return { accounts, qos, ...(accounts.includes(standard) ? { defaultAccount: standard } : {}) };
}
