import { access, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliEngine, type Dialect } from '@stele/sdk/oci-cli';
import { type EngineWorld, inTime, shellBehaviours } from '@stele/sdk/testing';
import { Value } from 'typebox/value';
import { LocalHost } from '../../plugins/access/local/src/server/local-host.ts';
import { dockerDialect } from '../../plugins/engines/docker/src/server/dialect.ts';
import { type DockerSettings, settings as dockerSettings } from '../../plugins/engines/docker/src/settings.ts';
import { podmanDialect } from '../../plugins/engines/podman/src/server/dialect.ts';
import { type PodmanSettings, settings as podmanSettings } from '../../plugins/engines/podman/src/settings.ts';
import { tinyImage } from './bed.ts';

export function podman(parts: Partial<PodmanSettings> = {}): Dialect {
  return podmanDialect(Value.Default(podmanSettings, { ...parts }) as PodmanSettings);
}

/** Debian's own client: another `docker` may come first on PATH. */
export function docker(parts: Partial<DockerSettings> = {}): Dialect {
  return dockerDialect(Value.Default(dockerSettings, { command: '/usr/bin/docker', ...parts }) as DockerSettings);
}

/** A world for the engine kit on this machine. */
export async function engineWorld(dialectFor: (command?: string) => Dialect): Promise<EngineWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'stele-engine-'));
  const host = new LocalHost();
  const bound = join(folder, 'a "b", c');
  await host.ensureFolder(bound, 0o755, inTime(5_000));
  return {
    engine: new CliEngine(dialectFor()),
    host,
    image: tinyImage,
    behaviours: shellBehaviours,
    folder: bound,
    hasFile: (name) => exists(join(bound, name)),
    greetingAt: (port) => greeting(port),
    silent: new CliEngine(dialectFor(await fakeProgram(folder, 'exec sleep 600'))).operator(host),
    close: async () => {
      await host[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** A program that stands in for an engine's client, for faults that the real one won't make on command. */
export async function fakeProgram(folder: string, script: string): Promise<string> {
  const path = join(folder, `fake-${Math.random().toString(36).slice(2)}`);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The first bytes that a port on loopback says; empty when nothing listens there. */
export function greeting(port: number, host = '127.0.0.1'): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    socket.setTimeout(2_000, () => socket.destroy());
    socket.once('data', (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.once('error', () => resolve(''));
    socket.once('close', () => resolve(''));
  });
}
