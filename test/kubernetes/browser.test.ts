import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { describeFarLine } from '../e2e/far/line.ts';
import { Engine } from '../e2e/lib/index.ts';
import { type Bed, bedMissing, openBed } from './lib/bed.ts';

let bed: Bed;

const cluster = {
  kind: 'Kubernetes cluster',
  open: async () => {
    const why = await bedMissing();
    if (why !== undefined) return why;
    const podman = await Engine.open('podman', 'jupyter-notebook');
    if (typeof podman === 'string') return podman;
    bed = await openBed();
    await load(podman);
    return undefined;
  },
  fact: /^v1\.20/,
  secret: async () => 'st3le-t0ken',
  events: ['Scheduled', 'Pulled', 'Started'],
  left: (key: string) =>
    bed.kubectl('get', 'pods,secrets,networkpolicies', '-A', `--selector=stele.task=${key}`, '--output=name'),
};

describeFarLine({
  ...cluster,
  id: 'kubernetes',
  access: 'Its own API',
  fill: async (sheet) => {
    await sheet.getByLabel('Kubeconfig optional', { exact: true }).fill(await bed.kubeconfig('stranger'));
    await fillNamespace(sheet);
  },
  refusal: /doesn’t take the platform’s credentials/,
  mend: async (sheet) => sheet.getByLabel('Kubeconfig optional', { exact: true }).fill(await bed.kubeconfig('token')),
});

describeFarLine({
  ...cluster,
  id: 'kubectl',
  access: 'This machine',
  fill: async (sheet) => {
    await fillNamespace(sheet);
    await sheet.getByLabel('kubectl', { exact: true }).fill(bed.kubectlPath);
    await sheet.getByLabel('Kubeconfig on the host').fill('/nowhere/kubeconfig');
  },
  refusal: /doesn’t serve the cluster’s API.*\/nowhere\/kubeconfig/,
  mend: async (sheet) => {
    await sheet.getByText('More settings').last().click();
    await sheet.getByLabel('Kubeconfig on the host').fill(bed.kubeconfigPath('token'));
  },
});

async function fillNamespace(sheet: Locator): Promise<void> {
  await sheet.getByLabel('Namespace', { exact: true }).fill('of-$USER');
  await sheet.getByText('More settings').last().click();
  await sheet.getByLabel('Make missing namespaces').check();
}

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
