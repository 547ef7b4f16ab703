import assert from 'node:assert/strict';
import { commandEnvironment } from './environment.ts';

describe('environment of commands', () => {
  it('has what a log-in has, and what container tools read', () => {
    const own = {
      PATH: '/bin',
      HOME: '/root',
      LC_ALL: 'C',
      XDG_RUNTIME_DIR: '/run/user/0',
      DOCKER_HOST: 'unix:///x',
      CONTAINERS_CONF: '/x',
      https_proxy: 'http://proxy',
      NO_PROXY: 'localhost',
    };
    assert.deepEqual(commandEnvironment(own), own);
  });

  it('has nothing of the platform’s own', () => {
    const own = {
      STELE_DATABASE: 'postgres://u:p@h/d',
      PGPASSWORD: 'p',
      NODE_OPTIONS: '--x',
      AWS_SECRET_ACCESS_KEY: 's',
    };
    assert.deepEqual(commandEnvironment(own), {});
  });
});
