import type { Conf } from '../conf.ts';
import { ownLabels, type Place, stageLabel, stageName } from '../names.ts';
import { containerSecurity, podSecurity } from '../pod/manifest.ts';
import { stageMounts } from '../pod/volumes.ts';

/** Where the pod that copies files sees the task's folder. */
export const stageFolder = '/stage';
/** Seconds after which a pod that copies files ends, should nobody be left to remove it. */
const longest = 24 * 60 * 60;
/** Who copies where tasks run as the users of their images. */
const nobody = 65_534;

/** Where a task's own folder is. */
export interface StagePlace {
  readonly key: string;
  readonly namespace: string;
  /** The node that the task runs on: most volumes can be in use on one alone. */
  readonly node?: string | undefined;
}

/** The claim of a volume for one task. Pure. */
export function claimOf({ key, namespace }: StagePlace, { stageSize = 0, stageClass }: Conf): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metadataOf(key, namespace),
    spec: {
      accessModes: ['ReadWriteOnce'],
      ...(stageClass === undefined ? {} : { storageClassName: stageClass }),
      resources: { requests: { storage: String(stageSize) } },
    },
  };
}

/** The pod by which files get there and back: it has that volume and nothing else, and waits for what is run in it. Pure. */
export function copierOf({ key, namespace, node }: StagePlace, conf: Conf): object {
  const { volumes, volumeMounts } = stageMounts(key, stageFolder);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadataOf(key, namespace),
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 1,
      activeDeadlineSeconds: longest,
      ...(conf.serviceAccount === undefined ? {} : { serviceAccountName: conf.serviceAccount }),
      ...(conf.priorityClass === undefined ? {} : { priorityClassName: conf.priorityClass }),
      nodeSelector: conf.nodeSelector,
      tolerations: conf.tolerations,
      ...(node === undefined ? {} : besides(node)),
      imagePullSecrets: conf.pullSecrets.map((name) => ({ name })),
      securityContext: podSecurity(conf.user === 0 ? nobody : conf.user),
      volumes,
      containers: [
        {
          name: 'stage',
          image: conf.stageImage,
          command: ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 3600 & wait "$!"; done'],
          resources: { requests: { memory: '32Mi', cpu: '50m' }, limits: { memory: '64Mi', cpu: '1' } },
          securityContext: containerSecurity,
          volumeMounts,
        },
      ],
    },
  };
}

function metadataOf(key: string, namespace: string): object {
  return { name: stageName(key), namespace, labels: { ...ownLabels, [stageLabel]: key } };
}

/** On this node, if it has room; by the scheduler's word, which knows. */
function besides(node: string): object {
  const nodeSelectorTerms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }];
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } };
}

/** Where its copier is. Pure. */
export function copierPlace({ key, namespace }: StagePlace): Place {
  return { namespace, name: stageName(key) };
}
