export { type Fault, faultOf, healthNotes, type NoteHealth } from './health.ts';
export { GuardedResources } from './guarded.ts';
export { AccessHosts } from './hosts.ts';
export { said } from './said.ts';
export { Computings, resourceOf } from './computing.ts';
export {
  addressOf,
  changeOf,
  type Checked,
  checkCombination,
  checkedCredentials,
  type Kind,
  needsOperator,
  type Schemas,
  wayOf,
} from './combination.ts';
