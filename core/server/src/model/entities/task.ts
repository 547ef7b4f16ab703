import { defineEntity, p } from '@mikro-orm/core';
import { type JsonObject, type Launch, outcomes, phases } from '@stele/sdk';
import { Computing } from './computing.ts';
import { createdAt, id, updatedAt } from './common.ts';
import { Software } from './software.ts';
import type { StagedState, StagingPlan } from './staging.ts';
import { User } from './user.ts';

/** What was launched, as it was then: later changes of the software don't reach a task. Holds no secret. */
export type LaunchSnapshot = Pick<Launch, 'image' | 'interface'> &
  Partial<Pick<Launch, 'architecture' | 'engine' | 'binds' | 'env' | 'stage'>> & {
    /** Id of the credentials for the image's registry, where the launch may use any. */
    readonly registryCredential?: string;
    /** Whether what the image's registry says is for the log alone: a user named it, and it may lead anywhere. */
    readonly isRegistryGuarded?: true;
    /** Storages of the binds, by target. Absent in tasks of before they were kept. */
    readonly mounted?: Readonly<Record<string, { readonly id: string; readonly name: string }>>;
  };

const TaskSchema = defineEntity({
  name: 'Task',
  tableName: 'tasks',
  indexes: [
    { properties: ['computing', 'phase'] },
    { properties: ['owner', 'createdAt'] },
    { name: 'tasks_unsettled_index', properties: ['computing'], where: 'cleaned_at is null' },
  ],
  checks: [
    { name: 'tasks_key_check', expression: `key ~ '^[a-z0-9]{16}$'` },
    { name: 'tasks_ended_check', expression: `(phase = 'ended') = (outcome is not null)` },
  ],
  properties: {
    id: id(),
    key: p.character().length(16).unique(),
    name: p.string().length(200),
    owner: () => p.manyToOne(User).deleteRule('restrict'),
    software: () => p.manyToOne(Software).nullable().deleteRule('set null').index(),
    softwareName: p.string().length(200),
    computing: () => p.manyToOne(Computing).nullable().deleteRule('set null'),
    computingName: p.string().length(200),
    launch: p.json<LaunchSnapshot>(),
    options: p.json<JsonObject>().onCreate((entity: { options?: JsonObject }) => entity.options ?? {}),
    /** One-time password and secret environment: a JSON object, sealed by the secret box. */
    secrets: p.text().nullable().hidden(),
    /** What is brought in and back, as it was decided at the launch. */
    staging: p.json<StagingPlan>().nullable(),
    /** How far that is. */
    staged: p.json<StagedState>().nullable(),
    /** The driver's reference, once submitted. */
    ref: p.text().nullable(),
    phase: p.enum(phases).default('submitting'),
    outcome: p.enum(outcomes).nullable(),
    reason: p.text().nullable(),
    detail: p.text().nullable(),
    exitCode: p.integer().nullable(),
    ready: p.boolean().default(false),
    digest: p.string().length(71).nullable(),
    nodes: p.json<readonly string[]>().nullable(),
    /** Whether its owner wants an e-mail when it starts. */
    mailAtStart: p.boolean().default(false),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    submittedAt: p.datetime().nullable(),
    /** When it was first seen waiting in a queue. */
    queuedAt: p.datetime().nullable(),
    expectedAt: p.datetime().nullable(),
    startedAt: p.datetime().nullable(),
    endedAt: p.datetime().nullable(),
    /** The user wants it to end; stays set until it has. */
    stopRequestedAt: p.datetime().nullable(),
    /** The user wants it forgotten, once it has ended and was cleaned. */
    deleteRequestedAt: p.datetime().nullable(),
    /** When the driver had removed what it left on the resource. */
    cleanedAt: p.datetime().nullable(),
    /** First observation, in a row of such, that did not find it. */
    absentSince: p.datetime().nullable(),
    version: p.integer().version(),
  },
});

/** One run of one software on one computing. */
export class Task extends TaskSchema.class {
  hasEnded(): boolean {
    return this.phase === 'ended';
  }
}
TaskSchema.setClass(Task);
