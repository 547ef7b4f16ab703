import type { Diagnose, HealthNote } from '@stele/sdk';
import { hasNativeAddon } from './connection/native-addon.ts';

/** What the addon's absence means. Pure. */
export function addonNotes(isThere: boolean): readonly HealthNote[] {
  if (isThere) return [{ state: 'fine', says: 'ssh2 encrypts by its native addon' }];
  const says =
    'ssh2’s native addon is missing, or built for another Node.js, so SSH moves data at a quarter of its speed';
  return [
    { state: 'weak', says, advice: 'Run “. .ci/env.sh && npm rebuild ssh2”, with gcc, make and Python 3 installed.' },
  ];
}

const diagnose: Diagnose = () => addonNotes(hasNativeAddon());

export default diagnose;
