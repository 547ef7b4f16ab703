import assert from 'node:assert/strict';
import type { Launch } from '@stele/sdk';
import { testUser } from '@stele/sdk/testing';
import { confOf } from '../conf.ts';
import { formatRef, parseRef } from '../names.ts';
import { manifestsOf } from '../pod/manifest.ts';
import { fieldsOf, type PodSeen, readPod } from '../pod/seen.ts';
import { PodStore } from '../watch/store.ts';
import { judgeJob } from './judge.ts';
import { refusalOf } from './refusal.ts';

const key = 'abcdefghij012345';
const name = `stele-${key}`;
const place = { namespace: 'a', name, isJob: true };
const launch: Launch = {
  ...{ key, name: 'Notebook', image: { registry: 'docker.io', repository: 'library/a', tag: '1' } },
  interface: { port: 8888, protocol: 'http', transport: 'tcp' },
  ...{ env: {}, binds: [], options: { asJob: true, time: 600 } },
};

describe('a task as a job', () => {
  const madeBy = (owner: string, pod = `${name}-x7k2p`): object => ({
    metadata: {
      ...{ namespace: 'a', name: pod, uid: 'u', resourceVersion: '1', labels: { 'stele.task': key } },
      ownerReferences: [{ kind: 'Job', name: owner }],
    },
  });

  it('is the pod that it would be, made once', () => {
    const job = manifestsOf(launch, confOf({ conf: {} }), testUser, 'a');
    const pod = manifestsOf({ ...launch, options: { time: 600 } }, confOf({ conf: {} }), testUser, 'a');
    const { kind, spec } = fieldsOf(job.pod);
    const { template, ...rest } = fieldsOf(spec);
    assert.deepEqual([kind, rest], ['Job', { parallelism: 1, completions: 1, backoffLimit: 0 }]);
    const [made, own] = [fieldsOf(template), fieldsOf(pod.pod)];
    assert.deepEqual(made['spec'], own['spec']);
    assert.deepEqual(fieldsOf(made['metadata'])['labels'], fieldsOf(own['metadata'])['labels']);
    assert.deepEqual([job.place.isJob, pod.place.isJob], [true, false]);
  });

  it('has a reference of its own', () => {
    assert.equal(formatRef(place), `a/job/${name}`);
    assert.deepEqual(parseRef(formatRef(place)), place);
    assert.equal(parseRef(`a/${name}`).isJob, false);
  });

  it('is known by its pod, and by no other’s', () => {
    const { name: task, pod, isJob } = readPod(madeBy(name)) ?? assert.fail();
    assert.deepEqual([task, pod, isJob], [name, `${name}-x7k2p`, true]);
    assert.equal(readPod(madeBy('stele-another')), undefined);
    const { pod: own, isJob: isMade } = readPod(madeBy('', name)) ?? assert.fail();
    assert.deepEqual([own, isMade], [undefined, false]);
  });

  it('has ended with its first pod', () => {
    const store = new PodStore();
    const pod = (uid: string): PodSeen => ({ ...(readPod(madeBy(name)) ?? assert.fail()), uid });
    store.put(pod('first'));
    store.put(pod('second'));
    assert.equal(store.get(place)?.uid, 'first');
    store.lose(pod('first'));
    store.put(pod('second'));
    store.lose(pod('second'));
    assert.deepEqual([store.get(place), store.gone(place)?.uid], [undefined, 'first']);
  });

  for (const [what, job, phase, says] of [
    ['new', {}, 'queued', /no pod yet/],
    ['suspended', { spec: { suspend: true } }, 'held', /holds its job back/],
    ['done', { status: { conditions: [{ type: 'Complete', status: 'True' }] } }, 'ended', /^$/],
    ['given up', { status: { conditions: [{ type: 'Failed', status: 'True', message: 'm' }] } }, 'ended', /given/],
    ['not given up', { status: { conditions: [{ type: 'Failed', status: 'False' }] } }, 'queued', /no pod yet/],
  ] as const) {
    it(`without a pod that is ${what} is ${phase}`, () => {
      const seen = judgeJob(job, place);
      assert.equal(seen.phase, phase);
      assert.match('reason' in seen ? (seen.reason ?? '') : '', says);
    });
  }

  const refused = (message: string) => refusalOf({ items: [{ reason: 'FailedCreate', message }] }, 'here')?.code;
  const forbidden = `Error creating: pods "${name}-a" is forbidden: `;
  for (const [message, code] of [
    [`${forbidden}exceeded quota: q, requested: cpu=1, used: cpu=1, limited: cpu=1`, 'LIMIT'],
    [`${forbidden}maximum memory usage per Container is 1Gi, but limit is 2Gi`, 'INVALID'],
    [`${forbidden}error looking up service account a/default: serviceaccount "default" not found`, undefined],
    [`Error creating: Pod "${name}-a" is invalid: spec.x: no`, 'INVALID'],
    ['Error creating: etcdserver: request timed out', undefined],
  ] as const) {
    it(`${message.slice(16)} is ${code ?? 'nothing yet'}`, () => assert.equal(refused(message), code));
  }

  it('is refused by nothing else that is said of it', () => {
    assert.equal(refusalOf({ items: [{ reason: 'SuccessfulCreate', message: 'Created pod' }] }, 'here'), undefined);
  });
});
