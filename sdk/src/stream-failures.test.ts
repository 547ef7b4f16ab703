import assert from 'node:assert/strict';
import { SteleError } from './errors.ts';
import { streamFailure, type TlsFault } from './stream-failures.ts';

describe('what breaks a stream', () => {
  const table: readonly (readonly [string, TlsFault | undefined, string, RegExp])[] = [
    ['CERT_HAS_EXPIRED', 'expired', 'UNREACHABLE', /^There shows .* has expired\. Renew it there\.$/],
    ['CERT_NOT_YET_VALID', 'early', 'UNREACHABLE', /isn’t valid yet\. Look at its clock/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'name', 'INVALID', /for another name\.$/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'authority', 'INVALID', /this authority didn’t sign\.$/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'authority', 'INVALID', /didn’t sign/],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'authority', 'INVALID', /didn’t sign/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'authority', 'INVALID', /didn’t sign/],
    ['CERT_SIGNATURE_FAILURE', 'authority', 'INVALID', /didn’t sign/],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'over', 'DENIED', /certificate: it has expired, or was revoked/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'refused', 'DENIED', /refuses the platform’s certificate\.$/],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'refused', 'DENIED', /refuses/],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'refused', 'DENIED', /refuses/],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'refused', 'DENIED', /refuses/],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'version', 'UNSUPPORTED', /speaks no TLS from version 1\.2 on/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'plain', 'PROTOCOL', /doesn’t speak TLS at this port/],
    ['ECONNRESET', undefined, 'UNREACHABLE', /^The connection to There broke off \(ECONNRESET\)\.$/],
    ['', undefined, 'UNREACHABLE', /broke off \(words\)/],
  ];
  for (const [said, fault, code, message] of table) {
    it(`is ${fault ?? 'its end'} where Node.js says “${said}”`, () => {
      const cause = Object.assign(new Error('words'), said === '' ? {} : { code: said });
      const error = streamFailure('There', cause);
      assert.deepEqual([error.code, error.field, error.cause], [code, undefined, cause]);
      assert.match(error.message, message);
      if (fault === undefined) return;
      const mended = streamFailure('There', cause, { [fault]: { field: 'conf.x', advice: 'Do this.' } });
      assert.equal(mended.field, 'conf.x');
      assert.match(mended.message, /[^.]\. Do this\.$/);
    });
  }

  it('is left alone where it is said already', () => {
    const error = new SteleError('LIMIT', 'full');
    assert.equal(streamFailure('there', error), error);
  });
});
