import type { Task } from './tasks.ts';

/**
 * What `GET /api/v1/events` sends, by the `event:` name of each server-sent event. Only what the listener may see.
 * After a reconnect whose `Last-Event-ID` is too old, `resync` comes first: read everything again.
 */
export interface EventMap {
  /** A task came or changed. */
  readonly task: Task;
  /** A task was deleted. */
  readonly 'task-removed': { readonly id: string };
  /** A software, computing or storage came, changed or went. */
  readonly resource: {
    readonly kind: 'software' | 'computing' | 'storage';
    readonly id: string;
    readonly gone: boolean;
  };
  /** There is something new at `GET /notices`. */
  readonly notice: Record<string, never>;
  /** Panels came, went or changed. */
  readonly ui: { readonly version: string };
  /** A plugin's state changed (admins). */
  readonly plugin: { readonly id: string; readonly state: string };
  /** Events were missed. */
  readonly resync: Record<string, never>;
}

/** Names of the events. */
export type EventName = keyof EventMap;
