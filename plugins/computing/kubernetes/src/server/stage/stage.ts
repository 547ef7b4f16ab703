import type { Call, ComputingResource, StageTree, TaskHandle, TaskStage } from '@stele/sdk';
import { paths } from '../api/request.ts';
import { remove } from '../clean.ts';
import type { Cluster } from '../cluster.ts';
import type { Clusters } from '../clusters.ts';
import { confOf } from '../conf.ts';
import { exec } from '../exec/exec.ts';
import { namespaceOf, stageName } from '../names.ts';
import { placeOf } from '../observe.ts';
import { judge } from '../pod/judge.ts';
import { bringUp, takeDown } from './copier.ts';
import { copierPlace, stageFolder, type StagePlace } from './manifests.ts';
import { stageScript } from './script.ts';
import { ScriptedTree } from './tree.ts';

/** Milliseconds for removing the pod that copied, when nobody waits any more. */
const leaving = 30_000;

/** Folders of tasks' own: volumes that are claimed for them, to which a pod leads while files are copied. */
export class KubernetesStage implements TaskStage {
  readonly #clusters: Clusters;

  constructor(clusters: Clusters) {
    this.#clusters = clusters;
  }

  isOffered(resource: ComputingResource): boolean {
    return confOf(resource).stageSize !== undefined;
  }

  async open(resource: ComputingResource, task: TaskHandle, call: Call): Promise<StageTree & AsyncDisposable> {
    const cluster = this.#of(resource, task, call);
    const api = await cluster.api();
    const place = await stagePlace(cluster, resource, task, call.signal);
    const copier = copierPlace(place);
    await using stack = new AsyncDisposableStack();
    // Whatever comes of it: a pod that nobody needs takes room from others.
    stack.defer(() => takeDown(api, copier, AbortSignal.timeout(leaving)));
    await bringUp(api, place, confOf(resource), call.signal);
    const argv = ['sh', '-c', stageScript, 'stele', stageFolder];
    const tree = stack.adopt(new ScriptedTree((signal) => exec(api, copier, argv, signal)), (one) => one.close());
    const owned = stack.move();
    return Object.assign(tree, { [Symbol.asyncDispose]: () => owned.disposeAsync() });
  }

  async remove(resource: ComputingResource, task: TaskHandle, call: Call): Promise<void> {
    const api = await this.#of(resource, task, call).api();
    const namespace = namespaceIn(resource, task);
    await takeDown(api, { namespace, name: stageName(task.key) }, call.signal);
    await remove(api, paths.claim(namespace, stageName(task.key)), call.signal, {});
  }

  #of(resource: ComputingResource, task: TaskHandle, call: Call): Cluster {
    return this.#clusters.of(resource, { ...call, who: task.who });
  }
}

/** Where the task's claim is; with the node that the task runs on. */
async function stagePlace(
  cluster: Cluster,
  resource: ComputingResource,
  task: TaskHandle,
  signal: AbortSignal,
): Promise<StagePlace> {
  const place = { key: task.key, namespace: namespaceIn(resource, task) };
  if (task.ref === undefined) return place;
  const pod = (await cluster.seen(signal)).get(placeOf(resource, task));
  const isUp = pod !== undefined && judge(pod, Date.now()).phase !== 'ended';
  return isUp ? { ...place, node: pod.node } : place;
}

/** Where the task is, though the settings may have changed since. */
function namespaceIn(resource: ComputingResource, task: TaskHandle): string {
  if (task.ref !== undefined) return placeOf(resource, task).namespace;
  return namespaceOf(confOf(resource).namespace, task.who);
}
