export { type Fault, faultOf, healthNotes, type NoteHealth } from './health.ts';
export { AccessHosts } from './hosts.ts';
export { Computings, resourceOf } from './computing.ts';
export { changeOf, type Checked, checkCombination, needsOperator } from './combination.ts';
