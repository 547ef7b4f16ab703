import { Account } from './account.ts';
import { ApiToken } from './api-token.ts';
import { AuditEntry } from './audit-entry.ts';
import { BrowserState } from './browser-state.ts';
import { Callback } from './callback.ts';
import { Computing } from './computing.ts';
import { ExternalIdentity } from './external-identity.ts';
import { Group, Membership } from './group.ts';
import { KeyPair } from './key-pair.ts';
import { Notice } from './notice.ts';
import { OwnCredential } from './own-credential.ts';
import { PluginData, PluginState } from './plugin.ts';
import { RegistryCredential } from './registry-credential.ts';
import { Lease } from './lease.ts';
import { LoginAttempts } from './login-attempts.ts';
import { LoginLink, Session } from './session.ts';
import { Software } from './software.ts';
import { Storage } from './storage.ts';
import { Ticket } from './ticket.ts';
import { Task } from './task.ts';
import { User } from './user.ts';

export { Account } from './account.ts';
export { ApiToken, tokenScopes } from './api-token.ts';
export { AuditEntry } from './audit-entry.ts';
export { BrowserState } from './browser-state.ts';
export { Callback } from './callback.ts';
export { Computing } from './computing.ts';
export { ExternalIdentity } from './external-identity.ts';
export { Group, Membership, membershipRoles } from './group.ts';
export { KeyPair, keySlots } from './key-pair.ts';
export { Lease } from './lease.ts';
export { Notice } from './notice.ts';
export { OwnCredential } from './own-credential.ts';
export { ownerColumns, ownerOf, type Owner, type OwnerColumns } from './owned.ts';
export { PluginData, PluginState } from './plugin.ts';
export { RegistryCredential } from './registry-credential.ts';
export { LoginLink, Session } from './session.ts';
export { noFlags, Software, type SoftwareFlags } from './software.ts';
export { Storage } from './storage.ts';
export type { Stage, StagedPlace, StagedState, StagingPlan } from './staging.ts';
export { Task, type LaunchSnapshot } from './task.ts';
export { Ticket } from './ticket.ts';
export { User, roles } from './user.ts';

/** Every table of the core. */
export const entities = [
  User,
  ExternalIdentity,
  Group,
  Membership,
  Session,
  LoginAttempts,
  LoginLink,
  BrowserState,
  ApiToken,
  RegistryCredential,
  Software,
  Computing,
  Storage,
  KeyPair,
  Account,
  OwnCredential,
  Task,
  Callback,
  Lease,
  Ticket,
  Notice,
  PluginState,
  PluginData,
  AuditEntry,
];
