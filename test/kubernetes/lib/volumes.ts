import { randomBytes } from 'node:crypto';
import { formatImage } from '@stele/sdk';
import { taskImage } from '../../engines/bed.ts';
import type { Bed } from './bed.ts';

const storageClassName = 'by-hand';

/** Settings of a resource that keeps files with tasks. */
export const stageConf = {
  ...{ stageSize: 16 * 1024 ** 2, stageClass: storageClassName, stageImage: formatImage(taskImage) },
};

/** Volumes of the node, each of which one claim takes: the bed has nobody who makes them. Gone when they are given back. */
export async function makeVolumes(bed: Bed, count: number): Promise<AsyncDisposable> {
  const names = Array.from({ length: count }, () => `stele-${randomBytes(6).toString('hex')}`);
  const paths = names.map((name) => `/var/lib/${name}`);
  await bed.tell('exec', 'mkdir', '--mode=777', ...paths);
  const items = names.map((name, index) => ({
    ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name } },
    spec: {
      capacity: { storage: '32Mi' },
      ...{ accessModes: ['ReadWriteOnce'], persistentVolumeReclaimPolicy: 'Retain' },
      ...{ storageClassName, hostPath: { path: paths[index] } },
    },
  }));
  await bed.apply({ apiVersion: 'v1', kind: 'List', items });
  return {
    async [Symbol.asyncDispose]() {
      await bed.kubectl('delete', 'persistentvolumes', ...names, '--wait=false');
      await bed.tell('exec', 'rm', '-r', ...paths);
    },
  };
}

/** What the cluster keeps for a task. */
export const kept = (bed: Bed, key: string): Promise<string> => {
  const what = ['get', 'pods,persistentvolumeclaims', '--all-namespaces', '--output=name'];
  return bed.kubectl(...what, `--selector=stele.stage=${key}`);
};
