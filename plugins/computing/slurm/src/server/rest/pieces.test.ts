import assert from 'node:assert/strict';
import { Value } from 'typebox/value';
import { conf, confOf } from '../conf.ts';
import { hasCode } from '@stele/sdk';
import { chosen } from './environment.ts';
import { endedBefore, refusals } from './refusals.ts';
import { submissionText } from './submission-text.ts';
import { versions } from './versions.ts';

describe('the address of slurmrestd', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['', true],
    ['http://localhost:6820', true],
    ['https://slurm.example.org/api/', true],
    ['http://[::1]:6820', true],
    ['https://bob:secret@slurm.example.org', false],
    ['https://slurm.example.org/?token=x', false],
    ['unix:/run/slurmrestd.sock', false],
    ['http://a b', false],
    ['http://a\r\nX-Header: x', false],
  ];
  for (const [restUrl, isOne] of cases) {
    it(`${JSON.stringify(restUrl)} is ${isOne ? 'one' : 'none'}`, () => {
      assert.equal(Value.Check(conf as never, confOf({ conf: { restUrl } })), isOne);
    });
  }
});

describe('the environment of a job by REST', () => {
  it('is what an account is known by, and nothing else of its log-in', () => {
    const text =
      'HOME=/home/bob\nSSH_CLIENT=10.0.0.1 1 22\nPATH=/opt/a=b:/bin\nSECRET=x\nHOMELESS=1\nrest of a value\n';
    assert.deepEqual(chosen(text), { HOME: '/home/bob', PATH: '/opt/a=b:/bin' });
  });
});

describe('jobs that v0.0.42 doesn’t end', () => {
  const answer = (code: number, message: string) => ({
    status: [{ error: { code: 0, message: '' } }, { error: { code, message } }],
  });
  it('are told in an answer that is good', () => {
    for (const body of [{}, { status: null }, { status: [] }, answer(0, '')]) assert.equal(refusals(body), undefined);
    const cases = [
      [answer(2017, 'Invalid job id specified'), 'NOT_FOUND', true],
      [answer(2021, 'Job/step already completing or completed'), 'NOT_FOUND', true],
      [answer(2020, 'Job can not be altered now, try again later'), 'CONFLICT', true],
      [answer(2002, 'Access/permission denied'), 'DENIED', false],
      [answer(9999, 'Something new'), 'PROTOCOL', false],
    ] as const;
    for (const [body, code, isFine] of cases) {
      const error = refusals(body);
      assert(error !== undefined && hasCode(error, code));
      assert.equal(endedBefore(error), isFine);
    }
  });
});

describe('what would be sent by REST', () => {
  it('is shown with its script, and without a token', () => {
    const request = { cpus: 1, nodes: 1, gpus: 0 };
    const order = {
      name: 'stele-abcdefghij012345',
      request,
      requeue: true,
      output: '/f',
      script: '#!/bin/sh\necho x\n',
    };
    for (const version of versions) {
      const text = submissionText('http://localhost:6820/', version, order);
      assert.match(text, /^curl --json @- http:\/\/localhost:6820\/slurm\/v0\.0\.\d+\/job\/submit <<'EOF'\n\{/);
      assert(text.includes('"requeue": true') && text.endsWith('echo x') && !text.includes('X-SLURM'));
    }
  });
});
