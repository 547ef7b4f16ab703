import assert from 'node:assert/strict';
import { SteleError } from '@stele/sdk';
import { failureOf } from './failures.ts';
import { refusalOf } from './refusals.ts';

const place = {
  region: 'eu-central-1',
  cluster: 'science',
  host: 'ecs.eu-central-1.amazonaws.com',
  setting: 'conf.region',
};
const thrown = (parts: object): unknown => Object.assign(new Error('x'), parts);

describe('what AWS and the way there say', () => {
  for (const [what, parts, code, field] of [
    ['a key that it doesn’t know', { name: 'UnrecognizedClientException' }, 'DENIED', 'credentials'],
    ['a wrong secret', { name: 'InvalidSignatureException' }, 'DENIED', 'credentials'],
    ['keys that have ended', { name: 'ExpiredTokenException' }, 'DENIED', 'credentials'],
    ['no role', { name: 'CredentialsProviderError' }, 'DENIED', 'auth'],
    ['no right', { name: 'AccessDeniedException' }, 'DENIED', undefined],
    ['no cluster', { name: 'ClusterNotFoundException' }, 'NOT_FOUND', 'conf.cluster'],
    ['too many questions', { name: 'ThrottlingException' }, 'UNREACHABLE', undefined],
    ['too many questions, by status', { $metadata: { httpStatusCode: 429 } }, 'UNREACHABLE', undefined],
    ['trouble of its own', { name: 'ServerException', $metadata: { httpStatusCode: 500 } }, 'UNREACHABLE', undefined],
    ['a page in HTML', { name: 'SyntaxError', $metadata: { httpStatusCode: 502 } }, 'UNREACHABLE', undefined],
    ['a blocked account', { name: 'BlockedException' }, 'DENIED', undefined],
    ['no such host', { code: 'ENOTFOUND' }, 'UNREACHABLE', 'conf.region'],
    ['a closed port', { code: 'ECONNREFUSED' }, 'UNREACHABLE', undefined],
    ['a connection that broke', { code: 'ECONNRESET' }, 'UNREACHABLE', undefined],
    ['silence', { name: 'TimeoutError' }, 'UNREACHABLE', undefined],
    ['an authority that nobody knows', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'DENIED', 'conf.ca'],
    ['words that nobody knows', { name: 'ClientException', $metadata: { httpStatusCode: 400 } }, 'PROTOCOL', undefined],
    ['the caller’s leaving', { name: 'AbortError' }, 'UNREACHABLE', undefined],
  ] as const) {
    it(`is told as ${code}: ${what}`, () => {
      const error = failureOf(thrown(parts), place);
      assert.deepEqual([error.code, error.field], [code, field]);
      assert.match(error.message, /\.$/);
    });
  }

  it('names the right that is missing', () => {
    const message = 'User: arn:aws:iam::1:user/x is not authorized to perform: ecs:RunTask on resource: y';
    const error = failureOf(thrown({ name: 'AccessDeniedException', message }), place);
    assert.match(error.message, /ecs:RunTask/);
  });

  it('is left alone where it is said already', () => {
    const error = new SteleError('LIMIT', 'full');
    assert.equal(failureOf(error, place), error);
  });
});

describe('a refusal in words alone', () => {
  for (const [words, code, field] of [
    ['RESOURCE:CPU', 'UNREACHABLE', undefined],
    ['RESOURCE:MEMORY', 'UNREACHABLE', undefined],
    ['RESOURCE:ENI', 'UNREACHABLE', undefined],
    ['RESOURCE:GPU', 'UNREACHABLE', undefined],
    [
      'Capacity is unavailable at this time. Please try again later or in a different availability zone',
      'UNREACHABLE',
      undefined,
    ],
    ['You’ve reached the limit on the number of vCPUs you can run concurrently', 'UNREACHABLE', undefined],
    ['No Fargate configuration exists for given values.', 'INVALID', 'options.memory'],
    [
      "Error retrieving subnet information for [subnet-1]: The subnet ID 'subnet-1' does not exist",
      'INVALID',
      'conf.subnets',
    ],
    [
      "Error retrieving security group information for [sg-1]: The security group 'sg-1' does not exist",
      'INVALID',
      'conf.securityGroups',
    ],
    ['ECS was unable to assume the role that was provided', 'INVALID', 'conf.executionRole'],
    ['INACTIVE', 'NOT_FOUND', 'conf.cluster'],
  ] as const) {
    it(`is ${code}: ${words}`, () => {
      const error = refusalOf(words);
      assert.deepEqual([error?.code, error?.field, error?.raw], [code, field, words]);
    });
  }

  it('isn’t guessed', () => assert.equal(refusalOf('something new'), undefined));
});
