import { CertificateChange, KeyItem, ListOf } from '@stele/sdk/api';
import type { Viewer } from '../../accounts/index.ts';
import type { KeyPair } from '../../model/index.ts';
import { fingerprintOf, type KeyOwner, type KeyPairs } from '../../remote/index.ts';
import { type Route, route } from '../route.ts';

/** Where a kind of keys is, and whose they are. */
interface Place {
  readonly path: string;
  readonly audience: 'user' | 'admin';
  /** With its owner, e.g. `your SSH key`. */
  readonly one: string;
  readonly ownerOf: (viewer: Viewer) => KeyOwner;
}

const places: readonly Place[] = [
  { path: '/keys', audience: 'user', one: 'one’s SSH key', ownerOf: (viewer) => viewer },
  { path: '/platform-key', audience: 'admin', one: 'the platform’s SSH key', ownerOf: () => 'platform' },
];

export function keyRoutes(keys: KeyPairs): Route[] {
  return places.flatMap((place) => [...keyOf(place, keys), ...changesOf(place, keys)]);
}

function keyOf({ path, audience, one, ownerOf }: Place, keys: KeyPairs): Route[] {
  return [
    route({
      ...{ method: 'GET', path, audience, summary: `The public half of ${one}, and of the one before` },
      answer: ListOf(KeyItem),
      handle: async ({ viewer }) => ({ items: (await keys.list(ownerOf(viewer))).map(keyView) }),
    }),
    route({
      ...{ method: 'POST', path, audience, summary: `Makes ${one}, unless there is one` },
      answer: KeyItem,
      handle: async ({ viewer }) => keyView(await keys.current(ownerOf(viewer))),
    }),
  ];
}

function changesOf({ path, audience, one, ownerOf }: Place, keys: KeyPairs): Route[] {
  return [
    route({
      ...{ method: 'POST', path: `${path}/rotate`, audience },
      summary: `Replaces ${one}; the one so far stays usable until it is dropped`,
      answer: KeyItem,
      handle: async ({ viewer }) => keyView(await keys.rotate(ownerOf(viewer))),
    }),
    route({
      ...{ method: 'DELETE', path: `${path}/previous`, audience, summary: `Drops what was ${one} before` },
      handle: async ({ viewer }) => keys.dropPrevious(ownerOf(viewer)),
    }),
    route({
      ...{ method: 'PUT', path: `${path}/certificate`, audience, summary: `Sets the certificate of ${one}` },
      body: CertificateChange,
      answer: KeyItem,
      handle: async ({ viewer, body }) => keyView(await keys.certify(ownerOf(viewer), body.certificate)),
    }),
  ];
}

function keyView({ id, publicKey, name, certificate, createdAt, rotatedAt }: KeyPair): KeyItem {
  return {
    id,
    publicKey: `${publicKey} ${name}`,
    fingerprint: fingerprintOf(publicKey),
    ...(certificate ? { certificate } : {}),
    createdAt: createdAt.toISOString(),
    ...(rotatedAt ? { replacedAt: rotatedAt.toISOString() } : {}),
  };
}
