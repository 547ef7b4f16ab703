import assert from 'node:assert/strict';
import { registryName } from './registry.ts';

describe('name of a registry', () => {
  const same: readonly (readonly [string, string])[] = [
    ['docker.io', 'docker.io'],
    ['index.docker.io', 'docker.io'],
    ['registry-1.docker.io', 'docker.io'],
    ['registry.hub.docker.com', 'docker.io'],
    ['Docker.IO:443', 'docker.io'],
    ['Registry.Example.org', 'registry.example.org'],
    ['registry.example.org:443', 'registry.example.org'],
    ['registry.example.org:5000', 'registry.example.org:5000'],
    ['registry.example.org:4430', 'registry.example.org:4430'],
    ['registry.example.org:80', 'registry.example.org:80'],
    ['localhost', 'localhost'],
    ['127.0.0.1:5000', '127.0.0.1:5000'],
    ['docker.io.example.org', 'docker.io.example.org'],
    ['my.docker.io', 'my.docker.io'],
    ['hub.docker.com', 'hub.docker.com'],
  ];
  for (const [registry, name] of same) it(`${registry} is ${name}`, () => assert.equal(registryName(registry), name));
});
