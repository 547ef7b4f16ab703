import assert from 'node:assert/strict';
import { layerViolation } from '../../scripts/lint/layers.ts';

type Case = readonly [from: string, specifier: string, typeOnly?: boolean];

const allowed: readonly Case[] = [
  ['sdk/src/index.ts', './errors.ts'],
  ['sdk/src/access.ts', 'node:stream', true],
  ['sdk/src/errors.test.ts', 'node:assert/strict'],
  ['sdk/src/testing/engine.ts', 'node:assert/strict'],
  ['sdk/src/testing/engine.ts', '../engine.ts'],
  ['sdk/src/web/api.ts', '../api/index.ts'],
  ['core/server/src/main.ts', './host/index.ts'],
  ['core/server/src/tasks/launch.ts', '../computing/index.ts'],
  ['core/server/src/tasks/launch.ts', 'node:crypto'],
  ['core/server/src/http/tasks.ts', '../tasks/index.ts'],
  ['core/server/src/http/tasks.test.ts', '../model/testing.ts'],
  ['core/server/src/host/deep/a.ts', '../b.ts'],
  ['core/server/src/host/loader.ts', '../schema/index.ts'],
  ['core/server/src/host/loader.ts', '@stele/sdk'],
  ['core/server/src/host/loader.test.ts', '@stele/sdk/testing'],
  ['core/cli/src/main.ts', '@stele/server'],
  ['core/web/src/main.ts', '@stele/sdk/web'],
  ['core/web/build/main.ts', 'node:fs'],
  ['plugins/engines/podman/src/server/index.ts', '@stele/sdk/oci-cli'],
  ['plugins/engines/podman/src/server/index.ts', '@stele/sdk/http'],
  ['plugins/engines/podman/src/server/index.ts', '../settings.ts'],
  ['sdk/src/http/trust.ts', 'node:tls'],
  ['plugins/engines/podman/src/server/index.ts', 'node:path'],
  ['plugins/panels/tasks/src/web/index.ts', '@stele/sdk/web'],
  ['plugins/panels/tasks/src/web/index.ts', '@stele/sdk/api'],
  ['plugins/auth/local/src/web/index.ts', '../settings.ts'],
  ['test/e2e/line.test.ts', '@stele/engine-podman'],
];

const refused: readonly Case[] = [
  ['sdk/src/index.ts', '@stele/server'],
  ['sdk/src/index.ts', '../../core/server/src/main.ts'],
  ['sdk/src/index.ts', 'node:fs'],
  ['sdk/src/index.ts', './testing/index.ts'],
  ['sdk/src/index.ts', './web/index.ts'],
  ['sdk/src/web/api.ts', 'node:url', true],
  ['core/server/src/host/loader.ts', '@stele/engine-podman'],
  ['core/server/src/host/loader.ts', '../../../../plugins/engines/podman/src/server/index.ts'],
  ['core/server/src/host/loader.ts', '@stele/sdk/web'],
  ['core/server/src/host/loader.ts', '@stele/sdk/testing'],
  ['core/server/src/http/tasks.ts', '../tasks/launch.ts'],
  ['core/server/src/main.ts', './tasks/launch.ts'],
  ['core/server/src/tasks/launch.ts', '../http/index.ts'],
  ['core/server/src/tasks/launch.ts', '../main.ts'],
  ['core/server/src/host/loader.ts', '../tasks/index.ts'],
  ['core/server/src/model/task.ts', '../tasks/index.ts'],
  ['core/server/src/host/loader.ts', '../staging/index.ts'],
  ['core/server/src/schema/check.ts', '../a-room-of-tomorrow/index.ts'],
  ['core/web/src/main.ts', '@stele/server', true],
  ['core/web/src/main.ts', 'node:path'],
  ['core/web/src/main.ts', 'fs'],
  ['core/cli/src/main.ts', '@stele/web'],
  ['plugins/engines/podman/src/server/index.ts', '@stele/engine-docker'],
  ['plugins/engines/podman/src/server/index.ts', '../../../docker/src/server/index.ts'],
  ['plugins/engines/podman/src/server/index.ts', '@stele/server', true],
  ['plugins/engines/podman/src/server/index.ts', '@stele/sdk/web'],
  ['plugins/auth/local/src/server/index.ts', '../web/index.ts'],
  ['plugins/auth/local/src/web/index.ts', '../server/index.ts'],
  ['plugins/panels/tasks/src/web/index.ts', 'node:events'],
  ['plugins/panels/tasks/src/web/index.ts', '@stele/sdk/oci-cli'],
  ['plugins/panels/tasks/src/web/index.ts', '@stele/sdk/http'],
  ['sdk/src/index.ts', './http/index.ts'],
];

describe('layers', () => {
  for (const [from, specifier, typeOnly = false] of allowed) {
    it(`lets ${from} import ${specifier}`, () => {
      assert.equal(layerViolation({ from, specifier, typeOnly }), undefined);
    });
  }

  for (const [from, specifier, typeOnly = false] of refused) {
    it(`keeps ${from} from importing ${specifier}`, () => {
      assert.ok(layerViolation({ from, specifier, typeOnly }));
    });
  }
});
