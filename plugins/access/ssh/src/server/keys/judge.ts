import { SteleError } from '@stele/sdk';
import type { Hop } from '../route.ts';
import { type Certificate, parseCertificate } from './certificate.ts';
import { whyNotBelieved } from './host-certificate.ts';
import { authoritiesOf, isPinned } from './pins.ts';
import { fingerprint, keyLine } from './public-key.ts';

/** Whether a host is believed by what it shows: with no refusal it is, by a certificate where there is one. */
export type Judgement =
  | { readonly refusal: SteleError; readonly certificate?: undefined }
  | { readonly refusal?: undefined; readonly certificate?: Certificate };

/** @param now ms since 1970 */
export function judge(hop: Hop, shown: Buffer, now: number): Judgement {
  const certificate = parseCertificate(shown);
  if (certificate === undefined) return isPinned(hop.pins, shown) ? {} : { refusal: refusedKey(hop, shown) };
  const why = whyNotBelieved(certificate, hop, now);
  // A key that is pinned itself needs no certificate.
  if (why === undefined || isPinned(hop.pins, certificate.key)) return { certificate };
  const words = `${hop.host} shows a certificate that ${why}: nothing was sent. Ask its operator, then correct the host keys.`;
  return { refusal: new SteleError('DENIED', words, { field: hop.field, raw: keyLine(shown) }) };
}

function refusedKey(hop: Hop, shown: Buffer): SteleError {
  const print = fingerprint(shown);
  const about = { field: hop.field, raw: keyLine(shown) };
  if (hop.pins.length === 0) {
    const words = `Nobody has confirmed yet that ${hop.host} is who it says. It shows the key ${print}: compare it with what its operator publishes, then add it to the host keys.`;
    return new SteleError('INVALID', words, about);
  }
  if (authoritiesOf(hop.pins).length === hop.pins.length) {
    const words = `${hop.host} shows a host key (${print}) without a certificate, and no key but an authority’s is pinned: nothing was sent. Ask its operator, then correct the host keys.`;
    return new SteleError('DENIED', words, about);
  }
  const words = `${hop.host} shows another host key (${print}) than those that are pinned. Somebody may be listening in, or the host was set up anew: nothing was sent. Ask its operator, then correct the host keys.`;
  return new SteleError('DENIED', words, about);
}
