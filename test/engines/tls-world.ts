import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ComputingResource, Host, HostService, JsonObject } from '@stele/sdk';
import { type DriverWorld, type EngineWorld, testCall } from '@stele/sdk/testing';
import { DirectDialer } from '../../core/server/src/network/index.ts';
import { TlsAccess } from '../../plugins/access/tls/src/server/tls-access.ts';
import { apiEngine } from './api-world.ts';
import { driverWorld, localResource } from './standalone-world.ts';
import { engineWorld, podman } from './world.ts';

const run = promisify(execFile);
const variable = (name: string): string => process.env[`STELE_DOCKER_TLS_${name}`] ?? '';

/** Debian's client, on the daemon's socket: what a test looks at from outside. */
export const dockerOnHost = (): readonly string[] => ['/usr/bin/docker', '--host', variable('SOCKET')];

/** The address of the bed's host. */
export const dockerHost = (): string => variable('HOST');

/** One of the bed's certificates or keys. */
export function pemOf(name: string): Promise<string> {
  return readFile(join(variable('CERTS'), name), 'utf8');
}

/** Settings of the access that work, with others in their place. */
export async function accessConf(parts: JsonObject = {}): Promise<JsonObject> {
  const [ca, certificate, key] = await Promise.all(['ca.pem', 'client.pem', 'client.key'].map(pemOf));
  const host = dockerHost();
  return {
    host,
    port: 2376,
    ca: ca ?? '',
    certificate: certificate ?? '',
    key: key ?? '',
    networks: [`${host}/32`],
    ...parts,
  };
}

/** A resource on the bed's host. */
export async function tlsResource(parts: JsonObject = {}): Promise<ComputingResource> {
  return {
    ...localResource,
    id: randomUUID(),
    access: 'tls',
    auth: 'platform-certificate',
    accessConf: await accessConf(parts),
    conf: { ...localResource.conf, publish: dockerHost() },
  };
}

const access = new TlsAccess(new DirectDialer());

/** Hosts by TLS, as the core opens them. */
export const tlsHosts: HostService = {
  open: ({ id, auth, accessConf: conf }, call) => access.open({ resource: id, auth, conf }, call),
};

/** A host with these settings of the access. */
export async function tlsHost(parts: JsonObject = {}): Promise<Host> {
  const resource = await tlsResource(parts);
  return tlsHosts.open(resource, testCall());
}

/** A world for the kit of computing drivers. */
export async function tlsDriverWorld(): Promise<DriverWorld> {
  return driverWorld({ 'docker-api': apiEngine([]) }, { hosts: tlsHosts, resource: await tlsResource() });
}

/** A world for the kit of engines. Its host's loopback is not ours. */
export async function tlsEngineWorld(): Promise<EngineWorld> {
  const { silent: _, ...world } = await engineWorld((command = 'podman') => podman({ command }));
  return { ...world, engine: apiEngine([]), host: await tlsHost(), greetingAt: greetingThere };
}

async function greetingThere(port: number): Promise<string> {
  const there = ['--net=/run/netns/stele-docker', 'busybox', 'nc', '-w', '2', '127.0.0.1', String(port)];
  // Nothing listens yet.
  return run('nsenter', there).then(
    ({ stdout }) => stdout,
    () => '',
  );
}
