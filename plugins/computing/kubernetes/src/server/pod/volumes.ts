import { type Bind, SteleError } from '@stele/sdk';
import type { Conf } from '../conf.ts';
import { stageName } from '../names.ts';

/** What a pod mounts, in the words of its manifest. */
export interface Mounts {
  readonly volumes: readonly object[];
  readonly volumeMounts: readonly object[];
}

type Volume = Conf['volumes'][number];

/** The claim for a task's own folder, and where a container sees it. Pure. */
export function stageMounts(key: string, target: string): Mounts {
  return {
    volumes: [{ name: 'stage', persistentVolumeClaim: { claimName: stageName(key) } }],
    volumeMounts: [{ name: 'stage', mountPath: target }],
  };
}

/** The volumes that a task's folders are in. Pure. INVALID for a folder that the cluster doesn't know. */
export function mountsOf(binds: readonly Bind[], conf: Conf): Mounts {
  const sources = new Map<string, object>();
  const volumeMounts = binds.map((bind) => {
    const { id, source, subPath } = placed(bind, conf);
    const name = `storage-${sources.has(id) ? [...sources.keys()].indexOf(id) : sources.size}`;
    sources.set(id, { name, ...source });
    return { name, mountPath: bind.target, readOnly: bind.readOnly, ...(subPath === '' ? {} : { subPath }) };
  });
  return { volumes: [...sources.values()], volumeMounts };
}

interface Placed {
  readonly id: string;
  readonly source: object;
  /** Below the volume; empty: all of it. */
  readonly subPath: string;
}

function placed({ source }: Bind, { volumes, hostPaths }: Conf): Placed {
  // Of two that both hold the folder, the narrower.
  const [volume] = volumes.filter(({ path }) => isBelow(source, path)).sort((a, b) => b.path.length - a.path.length);
  if (volume !== undefined) return inVolume(source, volume);
  if (hostPaths) return { id: source, source: { hostPath: { path: source, type: 'Directory' } }, subPath: '' };
  const message = `The cluster doesn’t know the folder ${source} of a storage. Name its volume in the resource’s settings.`;
  throw new SteleError('INVALID', message, { field: 'conf.volumes' });
}

function inVolume(folder: string, { path, claim, nfs }: Volume): Placed {
  const subPath = folder.slice(path.length).replace(/^\/+/, '');
  if (claim !== undefined) {
    return { id: `claim ${claim}`, source: { persistentVolumeClaim: { claimName: claim } }, subPath };
  }
  const [server = '', exported = ''] = nfs?.split(/:(.*)/s) ?? [];
  if (server !== '') return { id: `nfs ${nfs}`, source: { nfs: { server, path: exported } }, subPath };
  const message = `The volume of ${path} has neither a claim nor an NFS server.`;
  throw new SteleError('INVALID', message, { field: 'conf.volumes' });
}

function isBelow(folder: string, root: string): boolean {
  const base = root.replace(/\/+$/, '');
  return folder === base || folder.startsWith(`${base}/`);
}
