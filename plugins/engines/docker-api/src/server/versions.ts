import type { IncomingHttpHeaders } from 'node:http';
import { SteleError } from '@stele/sdk';
import type { Greeting } from './flavours/flavour.ts';

/** Of the API that both share: Docker 20.10 speaks the oldest. All in between have what is asked here. */
const oldest = [1, 41] as const;
const newest = [1, 51] as const;
/** Of Podman’s own API. */
const oldestPodman = 4;

/**
 * Reads the headers of an answer to `/_ping`: which of the two it is, and the newest version that both sides know. Pure.
 * @throws UNSUPPORTED for an engine that is too old, PROTOCOL for what is no engine
 */
export function greetingOf(headers: IncomingHttpHeaders, name: string): Greeting {
  const api = versionOf(headers['api-version']);
  if (api === undefined) {
    throw new SteleError(
      'PROTOCOL',
      `What answers at ${name} is neither Docker nor Podman: it names no version of their API.`,
    );
  }
  const podman = versionOf(headers['libpod-api-version']);
  if (podman !== undefined && podman[0] < oldestPodman) throw tooOld('Podman 4.0', podman, name);
  if (isBefore(api, oldest)) throw tooOld('Docker 20.10', api, name);
  const spoken = isBefore(api, newest) ? api : newest;
  return {
    prefix: `/v${spoken.join('.')}`,
    ...(podman === undefined ? {} : { own: `/v${podman[0]}.0.0/libpod` }),
  };
}

type Version = readonly [number, number];

function versionOf(header: string | readonly string[] | undefined): Version | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(String(header)) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor)];
}

function isBefore([major, minor]: Version, [otherMajor, otherMinor]: Version): boolean {
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

function tooOld(needed: string, [major, minor]: Version, name: string): SteleError {
  const message = `The engine at ${name} speaks version ${major}.${minor} of its API. ${needed} is the oldest that can be used.`;
  return new SteleError('UNSUPPORTED', message);
}
