import { broken, type Finding, fine } from './finding.ts';

/** Node.js 24.22 and later, or 26.4 and later: decision 0001 says why. Pure. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  if ((major === 24 && minor >= 22) || (major === 26 && minor >= 4) || major > 26) return fine('Node.js', version);
  return broken('Node.js', `${version} is too old`, 'Start Stele with ./stele, which fetches Node.js 24.22 or newer.');
}
