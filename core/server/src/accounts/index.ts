export { Accounts, type AccountsOptions } from './accounts.ts';
export { type ApiTokens, type ProvenToken, type TokenScope } from './api-tokens.ts';
export {
  decide,
  hasRole,
  mayGiveTo,
  queryFor,
  rightsOf,
  type Action,
  type OwnerQuery,
  type Role,
  type Viewer,
} from './decide.ts';
export { AccountNews, type AccountEvents } from './events.ts';
export { type GroupRole, type Groups } from './groups.ts';
export { type Identities } from './identities.ts';
export { type Linking } from './linking.ts';
export { type Arrival, type BrowserOrigin, type LogIn, type LogInOrigin, type ProviderChoice } from './log-in.ts';
export { type LoginLinks } from './login-links.ts';
export { type NewSession, type Origin, type ProvenSession, type SessionLimits, type Sessions } from './sessions.ts';
export { type NewUser, type UserChange, type Users } from './users.ts';
export { findViewer } from './viewers.ts';
