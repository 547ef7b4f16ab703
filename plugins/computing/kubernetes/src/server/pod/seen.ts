import { cancelledAt, taskLabel } from '../names.ts';

/** A condition of a pod. */
export interface Condition {
  readonly isTrue: boolean;
  readonly reason: string;
  readonly message: string;
}

/** Why a container isn't running yet. */
export interface Waiting {
  readonly reason: string;
  readonly message: string;
}

/** How a container ended. */
export interface Terminated {
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

/** What matters of a pod of ours. */
export interface PodSeen {
  readonly namespace: string;
  /** Of the task: the pod's own, or that of the job which made it. */
  readonly name: string;
  /** What the pod is called, where a job made it. */
  readonly pod?: string;
  /** Whether a job made it. */
  readonly isJob?: boolean;
  readonly key: string;
  readonly uid: string;
  readonly version: string;
  readonly phase: string;
  readonly reason: string;
  readonly message: string;
  readonly node?: string;
  readonly address?: string;
  readonly createdAt?: string;
  readonly startedAt?: string;
  /** When its removal was asked for. */
  readonly deletedAt?: string;
  /** When we asked for its end. */
  readonly cancelledAt?: string;
  /** Seconds that its containers have to end. */
  readonly grace?: number;
  /** Seconds that it may take from its start on. */
  readonly limit?: number;
  readonly conditions: Readonly<Record<string, Condition>>;
  readonly waiting?: Waiting;
  /** When its container began to run. */
  readonly runningSince?: string;
  readonly terminated?: Terminated;
  /** How its container ended before it was started again. */
  readonly terminatedBefore?: Terminated;
  readonly digest?: string;
  /** Port of its interface. */
  readonly port?: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads a pod as the API shows it; `undefined` for one that isn't a task's. Pure. */
export function readPod(object: unknown): PodSeen | undefined {
  const metadata = fieldsOf(fieldsOf(object)['metadata']);
  const key = fieldsOf(metadata['labels'])[taskLabel];
  if (typeof key !== 'string') return undefined;
  const [namespace, pod, name] = [textOf(metadata['namespace']), textOf(metadata['name']), `stele-${key}`];
  const isJob = pod !== name;
  if (isJob && !isMadeBy(metadata, name)) return undefined;
  const [spec, status] = [fieldsOf(fieldsOf(object)['spec']), fieldsOf(fieldsOf(object)['status'])];
  return {
    ...{ namespace, name, key, uid: textOf(metadata['uid']), version: textOf(metadata['resourceVersion']) },
    ...(isJob ? { isJob, pod } : { isJob }),
    ...{ phase: textOf(status['phase']), reason: textOf(status['reason']), message: textOf(status['message']) },
    conditions: conditionsOf(status['conditions']),
    ...given({
      node: spec['nodeName'],
      address: status['podIP'],
      createdAt: metadata['creationTimestamp'],
      startedAt: status['startTime'],
      deletedAt: removalOf(metadata),
      cancelledAt: fieldsOf(metadata['annotations'])[cancelledAt],
    }),
    ...containerOf(status['containerStatuses']),
    ...portOf(spec['containers']),
    ...numbers({ grace: spec['terminationGracePeriodSeconds'], limit: spec['activeDeadlineSeconds'] }),
  };
}

/** Identity of what was removed, as the API answers: what is there for a while yet, or words about it. Pure. */
export function uidOfRemoved(answer: unknown): string | undefined {
  const { metadata, details } = fieldsOf(answer);
  const uid = fieldsOf(metadata)['uid'] ?? fieldsOf(details)['uid'];
  return typeof uid === 'string' ? uid : undefined;
}

/** Whether a pod was made by the job of this name. */
function isMadeBy(metadata: Fields, job: string): boolean {
  return listOf(metadata['ownerReferences']).some(({ kind, name }) => kind === 'Job' && name === job);
}

/** The API names the moment at which its grace time is over. */
function removalOf({ deletionTimestamp: end, deletionGracePeriodSeconds: grace }: Fields): string | undefined {
  const time = Date.parse(textOf(end));
  if (Number.isNaN(time)) return undefined;
  return new Date(time - (typeof grace === 'number' ? grace : 0) * 1_000).toISOString();
}

function containerOf(statuses: unknown): Partial<PodSeen> {
  // A service mesh may have put others beside it.
  const container = listOf(statuses).find((item) => item['name'] === 'task') ?? {};
  const state = fieldsOf(container['state']);
  const waiting = fieldsOf(state['waiting']);
  const [terminated, before] = [
    terminatedOf(state['terminated']),
    terminatedOf(fieldsOf(container['lastState'])['terminated']),
  ];
  const digest = /sha256:[0-9a-f]{64}$/.exec(textOf(container['imageID']))?.[0];
  const { startedAt } = fieldsOf(state['running']);
  return {
    ...('waiting' in state
      ? { waiting: { reason: textOf(waiting['reason']), message: textOf(waiting['message']) } }
      : {}),
    ...('running' in state ? { runningSince: textOf(startedAt) } : {}),
    ...(terminated === undefined ? {} : { terminated }),
    ...(before === undefined ? {} : { terminatedBefore: before }),
    ...(digest === undefined ? {} : { digest }),
  };
}

function portOf(containers: unknown): Pick<PodSeen, 'port'> {
  const container = listOf(containers).find((item) => item['name'] === 'task');
  const { containerPort: port } = listOf(container?.['ports']).find((item) => item['name'] === 'interface') ?? {};
  return typeof port === 'number' ? { port } : {};
}

function terminatedOf(value: unknown): Terminated | undefined {
  const fields = fieldsOf(value);
  if (typeof fields['exitCode'] !== 'number') return undefined;
  return {
    exitCode: fields['exitCode'],
    reason: textOf(fields['reason']),
    message: textOf(fields['message']),
    ...given({ startedAt: fields['startedAt'], finishedAt: fields['finishedAt'] }),
  };
}

function conditionsOf(conditions: unknown): Readonly<Record<string, Condition>> {
  return Object.fromEntries(
    listOf(conditions).map(({ type, status, reason, message }) => [
      textOf(type),
      { isTrue: status === 'True', reason: textOf(reason), message: textOf(message) },
    ]),
  );
}

/** Those values that are texts. */
function given<K extends string>(values: Readonly<Record<K, unknown>>): { [P in K]?: string } {
  const texts = Object.entries(values).filter(([, value]) => typeof value === 'string' && value !== '');
  return Object.fromEntries(texts) as { [P in K]?: string };
}

function numbers<K extends string>(values: Readonly<Record<K, unknown>>): { [P in K]?: number } {
  const known = Object.entries(values).filter(([, value]) => typeof value === 'number');
  return Object.fromEntries(known) as { [P in K]?: number };
}

/** An object's fields; none for anything else. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The objects of a list; none for anything else. */
export function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

/** A text; empty for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
