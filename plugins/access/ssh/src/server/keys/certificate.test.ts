import assert from 'node:assert/strict';
import { joined, parseCertificate, parseCertificateLine, roles, whyNotAt } from './certificate.ts';
import { userCertificate, whyLeftOut, whyRefused } from './user-certificate.ts';

// Made by: ssh-keygen -s ca -I 'ada at the site' -n ada,grace -V 20260101Z:20260201Z -O source-address=10.0.0.0/8 key.pub
const line =
  'ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIG9BWUXT5bdYys/8iipRfad4bFpcJ0X6EDbvCTJxGccHAAAAIB+nEtVbxS+r0TyyfNoqhGxk3MgIPCYtXrPuL5ktE00fAAAAAAAAAAAAAAABAAAAD2FkYSBhdCB0aGUgc2l0ZQAAABAAAAADYWRhAAAABWdyYWNlAAAAAGlVuQAAAAAAaX6XgAAAACQAAAAOc291cmNlLWFkZHJlc3MAAAAOAAAACjEwLjAuMC4wLzgAAACCAAAAFXBlcm1pdC1YMTEtZm9yd2FyZGluZwAAAAAAAAAXcGVybWl0LWFnZW50LWZvcndhcmRpbmcAAAAAAAAAFnBlcm1pdC1wb3J0LWZvcndhcmRpbmcAAAAAAAAACnBlcm1pdC1wdHkAAAAAAAAADnBlcm1pdC11c2VyLXJjAAAAAAAAAAAAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIFUbLSddmZ5CT8hr2V2pnMcyOMWsJtoE9WYkNyp6Rm7IAAAAUwAAAAtzc2gtZWQyNTUxOQAAAEBSMWK6EHElHn/qTE0KRKeEiInwI7GGtKj+wq8zBJKv9TTj7bysTURFyZEJ93mynf4kHTo94v7GkWgKDnp9XQ8F';
const bareKey = 'AAAAC3NzaC1lZDI1NTE5AAAAIB+nEtVbxS+r0TyyfNoqhGxk3MgIPCYtXrPuL5ktE00f';
const authority = 'AAAAC3NzaC1lZDI1NTE5AAAAIFUbLSddmZ5CT8hr2V2pnMcyOMWsJtoE9WYkNyp6Rm7I';
const [, text = ''] = line.split(' ');
const bytes = Buffer.from(text, 'base64');
const base64 = (blob: Buffer | undefined) => blob?.toString('base64');

describe('a certificate', () => {
  it('is read', () => {
    const certificate = parseCertificateLine(`${line} comment`);
    assert(certificate);
    const { type, bareType, role, principals, criticalOptions } = certificate;
    assert.deepEqual(
      { type, bareType, role, principals, criticalOptions },
      {
        type: 'ssh-ed25519-cert-v01@openssh.com',
        bareType: 'ssh-ed25519',
        role: roles.user,
        principals: ['ada', 'grace'],
        criticalOptions: ['source-address'],
      },
    );
    assert.equal(base64(certificate.key), bareKey);
    assert.equal(base64(certificate.authority), authority);
    assert.equal(certificate.validAfter, Date.UTC(2026, 0, 1) / 1000);
    assert.equal(certificate.validBefore, Date.UTC(2026, 1, 1) / 1000);
    assert.deepEqual(Buffer.concat([certificate.signed, joined([certificate.signature])]), bytes);
  });

  it('is none when it is cut anywhere, or longer', () => {
    for (let length = 0; length < bytes.length; length += 1)
      assert.equal(parseCertificate(bytes.subarray(0, length)), undefined, String(length));
    assert.equal(parseCertificate(Buffer.concat([bytes, Buffer.of(0)])), undefined);
  });

  it('is none, or another, when a byte of it is another, and throws nothing', () => {
    for (let at = 0; at < bytes.length; at += 1)
      for (const flip of [1, 0x80, 0xff]) {
        const mutated = Buffer.from(bytes);
        mutated[at] = (mutated[at] ?? 0) ^ flip;
        const certificate = parseCertificate(mutated);
        if (certificate === undefined) continue;
        assert.deepEqual(Buffer.concat([certificate.signed, joined([certificate.signature])]), mutated);
      }
  });

  it('is none when it is something else', () => {
    for (const other of [
      '',
      'x',
      `ssh-ed25519 ${bareKey}`,
      `ssh-ed25519 ${text}`,
      `${line.split(' ')[0]} ${bareKey}`,
      'ssh-ed25519-cert-v01@openssh.com ü',
    ])
      assert.equal(parseCertificateLine(other), undefined, other);
  });

  it('counts from its first second to before its last', () => {
    const certificate = parseCertificateLine(line);
    assert(certificate);
    const [first, end] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 1, 1)];
    assert.equal(whyNotAt(certificate, first - 1), 'is valid from 2026-01-01 00:00 UTC on');
    assert.equal(whyNotAt(certificate, first), undefined);
    assert.equal(whyNotAt(certificate, end - 1), undefined);
    assert.equal(whyNotAt(certificate, end), 'expired on 2026-02-01 00:00 UTC');
    assert.match(whyNotAt({ ...certificate, validAfter: 2 ** 64 }, first) ?? '', /^is valid from \+275760-09-13/);
  });
});

describe('what is said of a user’s certificate', () => {
  const certificate = userCertificate(line);
  assert(certificate);

  it('names why it was left out', () => {
    assert.equal(whyLeftOut(certificate, Date.UTC(2026, 0, 15)), undefined);
    assert.match(whyLeftOut(certificate, Date.UTC(2026, 5, 1)) ?? '', /expired on 2026-02-01/);
    assert.match(whyLeftOut(undefined, 0) ?? '', /can’t be read/);
  });

  it('names what may have made a host refuse it', () => {
    assert.match(whyRefused(certificate, 'lovelace'), /it is for “ada”, “grace”, and not for “lovelace”/);
    assert.match(whyRefused(certificate, 'ada'), /may not trust/);
    assert.match(whyRefused({ ...certificate, principals: [] }, 'ada'), /names no account/);
  });
});
