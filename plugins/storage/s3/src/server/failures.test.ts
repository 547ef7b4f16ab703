import assert from 'node:assert/strict';
import { SteleError } from '@stele/sdk';
import { failureOf, isMissing } from './failures.ts';

const place = { bucket: 'stars', region: 'eu-1', host: 's3.example.org' };
const named = (name: string, status = 400, more: object = {}): object =>
  Object.assign(new Error('raw words'), { name, $metadata: { httpStatusCode: status }, ...more });
const coded = (code: string): object => Object.assign(new Error('raw words'), { code });
const region = { $response: { headers: { 'x-amz-bucket-region': 'us-9' } } };

const cases: readonly [object, string, string | undefined, RegExp][] = [
  [named('NoSuchBucket', 404), 'NOT_FOUND', 'conf.bucket', /no bucket “stars” at s3\.example\.org/],
  [named('NoSuchKey', 404), 'NOT_FOUND', undefined, /no such object/],
  [named('AccessDenied', 403), 'DENIED', undefined, /may not do this in “stars”/],
  [named('InvalidAccessKeyId', 403), 'DENIED', 'credentials.accessKeyId', /does not know/],
  [named('SignatureDoesNotMatch', 403), 'DENIED', 'credentials.secretAccessKey', /secret key/],
  [named('ExpiredToken'), 'DENIED', 'credentials.sessionToken', /has ended/],
  [named('RequestTimeTooSkewed', 403), 'DENIED', undefined, /clocks/],
  [named('PermanentRedirect', 301), 'INVALID', 'conf.region', /not in the region eu-1\. /],
  [named('AuthorizationHeaderMalformed', 400, { Region: 'us-9' }), 'INVALID', 'conf.region', /it is in us-9/],
  [named('', 400, region), 'INVALID', 'conf.region', /it is in us-9/],
  [named('', 301, region), 'INVALID', 'conf.region', /it is in us-9/],
  [named('PreconditionFailed', 412), 'CONFLICT', undefined, /Somebody else/],
  [named('InvalidObjectState', 403), 'CONFLICT', undefined, /archived/],
  [named('EntityTooLarge'), 'LIMIT', undefined, /no more room/],
  [named('', 507), 'LIMIT', undefined, /no more room/],
  [named('SlowDown', 503), 'UNREACHABLE', undefined, /too busy/],
  [named('', 500), 'UNREACHABLE', undefined, /too busy/],
  [named('NotImplemented', 501), 'UNSUPPORTED', undefined, /can’t/],
  [named('constructor', 418), 'PROTOCOL', undefined, /not understood/],
  [coded('ENOTFOUND'), 'UNREACHABLE', 'conf.endpoint', /DNS/],
  [coded('ECONNREFUSED'), 'UNREACHABLE', undefined, /TCP: nothing listens/],
  [coded('ECONNRESET'), 'UNREACHABLE', undefined, /does not answer/],
  [coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'DENIED', 'conf.ca', /TLS: .*DEPTH_ZERO_SELF_SIGNED_CERT/],
  [coded('CERT_HAS_EXPIRED'), 'DENIED', undefined, /expired/],
  [coded('ERR_TLS_CERT_ALTNAME_INVALID'), 'DENIED', 'conf.endpoint', /another name/],
  [Object.assign(new Error(), { name: 'TimeoutError' }), 'UNREACHABLE', undefined, /does not answer/],
  [Object.assign(new Error(), { name: 'AbortError' }), 'UNREACHABLE', undefined, /given up/],
  [new TypeError('a bug'), 'PROTOCOL', undefined, /not understood/],
];

describe('what a store says', () => {
  for (const [error, code, field, words] of cases) {
    const { name, code: why } = error as { name: string; code?: string };
    it(`${why ?? name} is ${code}${field ? ` of ${field}` : ''}`, () => {
      const failure = failureOf(error, place);
      assert.deepEqual([failure.code, failure.field], [code, field]);
      assert.match(failure.message, words);
      assert(!failure.message.includes('raw words'), 'in the platform’s words');
    });
  }

  it('leaves what is told already', () => {
    const told = new SteleError('LIMIT', 'x');
    assert.equal(failureOf(told, place), told);
  });

  it('of a missing object is no failure, of a missing bucket it is', () => {
    const missing = [named('NotFound', 404), named('NoSuchKey', 404), named('', 404)].map(isMissing);
    assert.deepEqual(
      [missing, isMissing(named('NoSuchBucket', 404)), isMissing(undefined)],
      [[true, true, true], false, false],
    );
  });
});
