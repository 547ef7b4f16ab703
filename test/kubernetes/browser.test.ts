import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeFarLine } from '../e2e/far/line.ts';
import { Engine } from '../e2e/lib/index.ts';
import { type Bed, bedMissing, openBed } from './lib/bed.ts';

let bed: Bed;

/** A cluster, by its API. */
describeFarLine({
  id: 'kubernetes',
  kind: 'Kubernetes cluster',
  access: 'Its own API',
  open: async () => {
    const why = await bedMissing();
    if (why !== undefined) return why;
    const podman = await Engine.open('podman', 'jupyter-notebook');
    if (typeof podman === 'string') return podman;
    bed = await openBed();
    await load(podman);
    return undefined;
  },
  fill: async (sheet) => {
    await sheet.getByLabel('Kubeconfig optional', { exact: true }).fill(await bed.kubeconfig('stranger'));
    await sheet.getByLabel('Namespace', { exact: true }).fill('of-$USER');
    await sheet.getByText('More settings').last().click();
    await sheet.getByLabel('Make missing namespaces').check();
  },
  refusal: /doesn’t take the platform’s credentials/,
  mend: async (sheet) => sheet.getByLabel('Kubeconfig optional', { exact: true }).fill(await bed.kubeconfig('token')),
  fact: /^v1\.20/,
  secret: async () => 'st3le-t0ken',
  events: ['Scheduled', 'Pulled', 'Started'],
  left: (key) =>
    bed.kubectl('get', 'pods,secrets,networkpolicies', '-A', `--selector=stele.task=${key}`, '--output=name'),
});

/** The notebook's image, out of Podman's store and into the node's. */
async function load(podman: Engine): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'stele-image-'));
  try {
    const archive = join(folder, 'notebook.tar');
    await podman.run('save', '--quiet', '--output', archive, 'localhost/stele/jupyter-notebook:1');
    await bed.tell('load', archive);
  } finally {
    await rm(folder, { recursive: true });
  }
}
