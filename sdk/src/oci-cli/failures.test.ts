import assert from 'node:assert/strict';
import type { ErrorCode } from '../errors.ts';
import type { Dialect } from './dialect.ts';
import { failureOf } from './failures.ts';

const dialect = { title: 'Podman', failures: [] } as unknown as Dialect;

/** Words of Podman 4.3, Docker 20.10 and 28.2, and of registries; as they were seen, but for names. */
const rows: readonly (readonly [string, ErrorCode, string?])[] = [
  ['Error: localhost/none:1: image not known', 'NOT_FOUND', 'image'],
  ['Error response from daemon: No such image: localhost/none:1', 'NOT_FOUND', 'image'],
  [
    'Error response from daemon: manifest for a/b:1 not found: manifest unknown: manifest unknown',
    'NOT_FOUND',
    'image',
  ],
  ['Error: initializing source docker://a/b:1: reading manifest 1 in a/b: manifest unknown', 'NOT_FOUND', 'image'],
  [
    'Error: choosing an image from manifest list: no image found in manifest list for architecture arm64',
    'NOT_FOUND',
    'image',
  ],
  ['no matching manifest for linux/arm64 in the manifest list entries', 'NOT_FOUND', 'image'],
  ['Error: no container with name or ID "x" found: no such container', 'NOT_FOUND'],
  ['Error response from daemon: No such container: x\nError: failed to start containers: x', 'NOT_FOUND'],
  [
    'Error: creating container storage: the container name "x" is already in use by 12. You have to remove that container to be able to reuse that name: that name is already in use',
    'CONFLICT',
  ],
  [
    'Error response from daemon: Conflict. The container name "/x" is already in use by container "12". You have to remove (or rename) that container',
    'CONFLICT',
  ],
  ['Error: network name x already used: network already exists', 'CONFLICT'],
  ['Error response from daemon: network with name x already exists', 'CONFLICT'],
  [
    'Error response from daemon: cannot create network 12 (x0): conflicts with network 34 (x0): networks have same bridge name',
    'CONFLICT',
  ],
  [
    'Error response from daemon: could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
    'LIMIT',
  ],
  [
    'Error response from daemon: cannot restrict inter-container communication: please ensure that br_netfilter kernel module is loaded',
    'UNSUPPORTED',
  ],
  ['Error: default OCI runtime "x" not found: invalid argument', 'INVALID', 'engine.runtime'],
  ['Error response from daemon: Unknown runtime specified x', 'INVALID', 'engine.runtime'],
  [
    'Error: OCI runtime error: crun: cgroups in hybrid mode not supported, drop all controllers from cgroupv2',
    'INVALID',
    'engine.runtime',
  ],
  [
    'Error: unable to start container "12": cannot listen on the TCP port: listen tcp4 127.0.0.1:1: bind: address already in use',
    'CONFLICT',
    'port',
  ],
  [
    'Error response from daemon: driver failed programming external connectivity: Bind for 127.0.0.1:1 failed: port is already allocated',
    'CONFLICT',
    'port',
  ],
  ['Error: statfs /x: no such file or directory', 'INVALID', 'binds'],
  ['docker: invalid mount config for type "bind": bind source path does not exist: /x', 'INVALID', 'binds'],
  [
    'exec: "/x": stat /x: no such file or directory: OCI runtime attempted to invoke a command that was not found',
    'INVALID',
    'image',
  ],
  ['exec /bin/sh: exec format error', 'INVALID', 'image'],
  [
    'Error response from daemon: Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available',
    'INVALID',
    'options.cpus',
  ],
  ['Error response from daemon: Minimum memory limit allowed is 6MB', 'INVALID', 'options.memory'],
  ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?', 'UNSUPPORTED'],
  ['permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock', 'DENIED'],
  [
    "Error response from daemon: pull access denied for a/b, repository does not exist or may require 'docker login'",
    'DENIED',
    'image',
  ],
  [
    'Error: initializing source docker://a/b: reading manifest: unauthorized: authentication required',
    'DENIED',
    'image',
  ],
  [
    'Error response from daemon: Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
    'UNREACHABLE',
    'image',
  ],
  [
    'Error response from daemon: Head "http://127.0.0.1:1/v2/a/manifests/1": no basic auth credentials',
    'DENIED',
    'image',
  ],
  ['dial tcp: lookup nowhere.example: no such host', 'UNREACHABLE', 'image'],
  ['x509: certificate signed by unknown authority', 'UNREACHABLE', 'image'],
  ['http: server gave HTTP response to HTTPS client', 'UNREACHABLE', 'image'],
  ['toomanyrequests: You have reached your pull rate limit', 'LIMIT'],
  ['write /var/lib/x: no space left on device', 'LIMIT'],
  ['copying blob: connection reset by peer', 'UNREACHABLE', 'image'],
  ['something nobody has heard of', 'PROTOCOL'],
  ['', 'PROTOCOL'],
];

describe('an engine’s failure', () => {
  for (const [words, code, field] of rows) {
    it(`“${words.slice(0, 60).replace('\n', ' ')}” is ${code}`, () => {
      const failure = failureOf({ exitCode: 125, stdout: '', stderr: words }, dialect, 'do it on this machine');
      assert.deepEqual([failure.code, failure.field], [code, field]);
      assert.match(failure.message, /^Podman could not do it on this machine/);
      assert.equal(failure.raw, words);
    });
  }
});
