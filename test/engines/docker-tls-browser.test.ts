import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describeFarLine } from '../e2e/far/line.ts';
import { Engine, provideImages } from '../e2e/lib/index.ts';
import { bringUp } from './bed.ts';
import { dockerHost, dockerOnHost, pemOf } from './tls-world.ts';

/** Docker on another host, by TLS. */
describeFarLine({
  id: 'docker',
  kind: 'Single host',
  access: 'TLS',
  open: async () => {
    const why = await bringUp('docker-tls');
    if (why !== undefined) return why;
    // Built where there is a way to the packages; that host has none.
    const built = await Engine.open('podman', 'jupyter-notebook');
    if (typeof built === 'string') return built;
    await provideImages('docker', ['jupyter-notebook'], { DOCKER_HOST: dockerOnHost().at(-1) });
    return undefined;
  },
  fill: async (sheet) => {
    await sheet.getByLabel('Host', { exact: true }).fill(dockerHost());
    await sheet.getByLabel('Certificate authority').fill(await pemOf('ca.pem'));
    await sheet.getByLabel('Certificate', { exact: true }).fill(await pemOf('stranger.pem'));
    await sheet.getByLabel('Key of the certificate', { exact: true }).fill(await pemOf('stranger.key'));
    await sheet.getByLabel('Networks of tasks').fill(`${dockerHost()}/32`);
    await sheet.getByText('More settings').last().click();
    await sheet.getByLabel('Address of interfaces').fill(dockerHost());
  },
  refusal: /refuses the platform’s certificate/,
  mend: async (sheet) => {
    await sheet.getByLabel('Certificate', { exact: true }).fill(await pemOf('client.pem'));
    await sheet.getByLabel('Key of the certificate', { exact: true }).fill(await pemOf('client.key'));
  },
  fact: /Docker 20\.10/,
  secret: async () => (await pemOf('client.key')).split('\n')[1] ?? '',
  left: async (key) => {
    const [program = '', ...args] = dockerOnHost();
    const { stdout } = await promisify(execFile)(program, [
      ...args,
      'ps',
      '--all',
      '--quiet',
      '--filter',
      `name=${key}`,
    ]);
    return stdout.trim();
  },
});
