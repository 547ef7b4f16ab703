import { formatImage } from '@stele/sdk';
import type { Task as TaskView } from '@stele/sdk/api';
import type { LaunchSnapshot, Task } from '../model/index.ts';
import { stagingView } from '../staging/index.ts';

const optional = <K extends string, V>(key: K, value: V | null | undefined): { [P in K]?: V } =>
  (value === null || value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
const iso = (date: Date | null | undefined): string | undefined => date?.toISOString();

/** A task as the API shows it. Its `owner` is loaded. */
export function taskView(row: Task, exposure: 'proxied' | 'tunnelled' | undefined): TaskView {
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    owner: { kind: 'user', id: row.owner.id, ...optional('name', row.owner.name) },
    software: { name: row.softwareName, ...optional('id', row.software?.id) },
    computing: { name: row.computingName, ...optional('id', row.computing?.id) },
    image: formatImage(row.launch.image),
    ...optional('engine', row.launch.engine),
    protocol: row.launch.interface.protocol,
    ...optional('exposure', exposure),
    options: { ...row.options },
    ...optional('mounts', mountsView(row.launch)),
    phase: row.phase,
    ...optional('outcome', row.outcome),
    ...optional('reason', row.reason),
    ...optional('detail', row.detail),
    ...optional('exitCode', row.exitCode),
    ...optional('staging', stagingView(row)),
    ready: row.ready,
    ...optional('digest', row.digest),
    createdAt: row.createdAt.toISOString(),
    ...optional('expectedAt', iso(row.expectedAt)),
    ...optional('startedAt', iso(row.startedAt)),
    ...optional('endedAt', iso(row.endedAt)),
  };
}

/** Storages that a task mounts, by the names that they had. */
export function mountsView({ binds = [], mounted }: Pick<LaunchSnapshot, 'binds' | 'mounted'>): TaskView['mounts'] {
  if (binds.length === 0) return undefined;
  return binds.map(({ target, readOnly }) => ({ ...optional('storage', mounted?.[target]), target, readOnly }));
}
