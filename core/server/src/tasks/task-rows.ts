import type { Task as TaskView } from '@stele/sdk/api';
import type { Database, Task } from '../model/index.ts';
import { taskView } from './view.ts';

/**
 * Columns of a view, by the names of the entity. Plain SQL: tasks are read often, and a row without an entity takes a tenth
 * of the time.
 */
const columns = `t.id, t.key, t.name, t.software_id, t.software_name as "softwareName", t.computing_id,
  t.computing_name as "computingName", t.launch, t.options, t.staging, t.staged, t.phase, t.outcome, t.reason, t.detail,
  t.exit_code as "exitCode", t.ready, t.digest, t.created_at, t.expected_at, t.started_at, t.ended_at, t.owner_id, u.name as owner_name`;

interface Row extends Omit<Task, 'createdAt' | 'expectedAt' | 'startedAt' | 'endedAt'> {
  readonly owner_id: string;
  readonly owner_name: string;
  readonly software_id: string | null;
  readonly computing_id: string | null;
  readonly created_at: string;
  readonly expected_at: string | null;
  readonly started_at: string | null;
  readonly ended_at: string | null;
}

/** Where a page of the list begins: after this task. */
export interface TaskCursor {
  readonly createdAt: Date;
  readonly id: string;
}

/** How the interface of a protocol is shown, where a plugin knows that. */
export type ExposureOf = (protocol: string) => TaskView['exposure'];

/** A user's tasks, the newest first, as the API shows them. */
export async function listViews(
  database: Database,
  owner: string,
  limit: number,
  after: TaskCursor | undefined,
  exposureOf: ExposureOf,
): Promise<TaskView[]> {
  const where = `t.owner_id = ? ${after ? 'and (t.created_at, t.id) < (?, ?)' : ''}
    order by t.created_at desc, t.id desc limit ?`;
  return views(database, where, [owner, ...(after ? [after.createdAt, after.id] : []), limit], exposureOf);
}

/** One task as the API shows it. */
export async function findView(database: Database, id: string, exposureOf: ExposureOf): Promise<TaskView | undefined> {
  const [view] = await views(database, 't.id = ?', [id], exposureOf);
  return view;
}

async function views(
  database: Database,
  where: string,
  params: unknown[],
  exposureOf: ExposureOf,
): Promise<TaskView[]> {
  const sql = `select ${columns} from tasks t join users u on u.id = t.owner_id
    where t.delete_requested_at is null and ${where}`;
  const rows = await database.orm.em.getConnection().execute<Row[]>(sql, params);
  return rows.map((row) => taskView(asTask(row), exposureOf(row.launch.interface.protocol)));
}

const reference = (id: string | null): { id: string } | null => (id === null ? null : { id });
const date = (text: string | null): Date | null => (text === null ? null : new Date(text));

/** As much of an entity as a view looks at. */
function asTask(row: Row): Task {
  return {
    ...row,
    owner: { id: row.owner_id, name: row.owner_name },
    software: reference(row.software_id),
    computing: reference(row.computing_id),
    createdAt: new Date(row.created_at),
    expectedAt: date(row.expected_at),
    startedAt: date(row.started_at),
    endedAt: date(row.ended_at),
  } as unknown as Task;
}
