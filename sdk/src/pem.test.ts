import assert from 'node:assert/strict';
import { rootCertificates } from 'node:tls';
import { certificatesIn } from './pem.ts';

describe('pasted certificates', () => {
  const [one = '', two = ''] = rootCertificates;

  it('are one or more, with words between', () => {
    assert.deepEqual(certificatesIn(` ${one}\n`), [one]);
    assert.deepEqual(certificatesIn(`# ours\n${one}\r\n# theirs\r\n${two}`), [one, two]);
  });

  for (const [what, pem] of [
    ['nothing', ''],
    ['words', 'our authority'],
    ['a first line', '-----BEGIN CERTIFICATE-----\n'],
    ['half a certificate', one.slice(0, one.length / 2)],
    ['a certificate, and half of another', `${one}\n${two.slice(0, two.length / 2)}`],
    ['half a certificate, and another', `${one.slice(0, one.length / 2)}\n${two}`],
    ['a key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'],
    ['a certificate, and a key', `${one}\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----`],
  ] as const) {
    it(`are not ${what}`, () => assert.deepEqual(certificatesIn(pem), []));
  }
});
