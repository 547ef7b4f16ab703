import type { MigrationObject } from '@mikro-orm/core';
import { Initial } from './0001-initial.ts';
import { RemoteAccounts } from './0002-remote-accounts.ts';
import { Replicas } from './0003-replicas.ts';
import { Notices } from './0004-notices.ts';
import { LoginAttempts } from './0005-login-attempts.ts';
import { OwnCredentials } from './0006-own-credentials.ts';
import { Providers } from './0007-providers.ts';
import { RegistryCredentials } from './0008-registry-credentials.ts';
import { Callbacks } from './0009-callbacks.ts';
import { Staging } from './0010-staging.ts';
import { MadeHere } from './0011-made-here.ts';

/** Oldest first. A migration that was released is never edited: the next one corrects it. */
export const migrations: MigrationObject[] = [
  { name: 'core/0001-initial', class: Initial },
  { name: 'core/0002-remote-accounts', class: RemoteAccounts },
  { name: 'core/0003-replicas', class: Replicas },
  { name: 'core/0004-notices', class: Notices },
  { name: 'core/0005-login-attempts', class: LoginAttempts },
  { name: 'core/0006-own-credentials', class: OwnCredentials },
  { name: 'core/0007-providers', class: Providers },
  { name: 'core/0008-registry-credentials', class: RegistryCredentials },
  { name: 'core/0009-callbacks', class: Callbacks },
  { name: 'core/0010-staging', class: Staging },
  { name: 'core/0011-made-here', class: MadeHere },
];
