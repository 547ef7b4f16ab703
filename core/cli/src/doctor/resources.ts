import type { WrongDeclaration } from '@stele/server/inspect';
import { broken, type Finding } from './finding.ts';

/** Resources of the site file that would be left out at the start. Pure. */
export function checkResources(wrong: readonly WrongDeclaration[]): Finding[] {
  return wrong.map(({ kind, name, reason }) => {
    return broken('resources', `${kind} “${name}”: ${reason}`, 'Correct it: it is left out as it is.');
  });
}
