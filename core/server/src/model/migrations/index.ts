import type { MigrationObject } from '@mikro-orm/core';
import { Initial } from './0001-initial.ts';

/** Oldest first. A migration that was released is never edited: the next one corrects it. */
export const migrations: MigrationObject[] = [{ name: 'core/0001-initial', class: Initial }];
