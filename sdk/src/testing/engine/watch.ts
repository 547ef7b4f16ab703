import assert from 'node:assert/strict';
import type { ContainerSpec, ContainerState, LogOptions } from '../../engine.ts';
import { eventually } from '../expect.ts';
import { inTime } from '../time.ts';
import type { Scene } from './subject.ts';

type Running = Extract<ContainerState, { phase: 'running' }>;
type Ended = Extract<ContainerState, { phase: 'ended' }>;

export async function stateOf({ operator }: Scene, name: string): Promise<ContainerState> {
  const state = (await operator.observe([name], inTime(15_000))).get(name);
  assert(state !== undefined, `observe said nothing of ${name}`);
  return state;
}

export async function start(scene: Scene, spec: ContainerSpec): Promise<void> {
  await scene.operator.start(spec, scene.signal());
}

export async function running(scene: Scene, spec: ContainerSpec): Promise<Running> {
  await start(scene, spec);
  const state = await stateOf(scene, spec.name);
  assert(state.phase === 'running', `must be running, but is ${JSON.stringify(state)}`);
  return state;
}

export async function ended(scene: Scene, name: string): Promise<Ended> {
  let state: ContainerState = { phase: 'absent' };
  const hasEnded = async () => {
    state = await stateOf(scene, name);
    return state.phase === 'ended';
  };
  await eventually(`${name} ends`, hasEnded, scene.patience);
  return state as ContainerState as Ended;
}

export async function logOf(scene: Scene, name: string, options: LogOptions = {}): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of scene.operator.logs(name, options, scene.signal())) {
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

/** Waits until a container has printed a line. */
export function printed(scene: Scene, name: string, line: string): Promise<void> {
  const isThere = async () => (await logOf(scene, name)).split('\n').includes(line);
  return eventually(`${name} prints ${line}`, isThere, scene.patience);
}
